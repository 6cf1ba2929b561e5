// log1p: y = log(1 + x), exact near 0.
#include "ops/op.h"

namespace cornu::ops {
namespace {

double apply(double x) {
  return std::log1p(x);
}

}  // namespace

CORNU_OP(log1p) = {
    .name = "log1p", .infer = infer_float_unary, .reference = map_floats<apply>, .elementwise = true};

}  // namespace cornu::ops
