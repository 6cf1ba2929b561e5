// reciprocal: y = 1 / x: infinity with the sign of x at 0.
#include "ops/op.h"

namespace cornu::ops {
namespace {

double apply(double x) {
  return 1 / x;
}

}  // namespace

CORNU_OP(reciprocal) = {
    .name = "reciprocal", .infer = infer_float_unary, .reference = map_floats<apply>, .elementwise = true};

}  // namespace cornu::ops
