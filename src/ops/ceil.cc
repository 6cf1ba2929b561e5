// ceil: y = the smallest whole number >= x.
#include "ops/op.h"

namespace cornu::ops {
namespace {

double apply(double x) {
  return std::ceil(x);
}

}  // namespace

CORNU_OP(ceil) = {
    .name = "ceil", .infer = infer_float_unary, .reference = map_floats<apply>, .elementwise = true};

}  // namespace cornu::ops
