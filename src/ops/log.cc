// log: y = log(x): NaN below 0, -infinity at 0.
#include "ops/op.h"

namespace cornu::ops {
namespace {

double apply(double x) {
  return std::log(x);
}

}  // namespace

CORNU_OP(log) = {
    .name = "log", .infer = infer_float_unary, .reference = map_floats<apply>, .elementwise = true};

}  // namespace cornu::ops
