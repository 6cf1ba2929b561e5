// sin: y = sin(x) in radians.
#include "ops/op.h"

namespace cornu::ops {
namespace {

double apply(double x) {
  return std::sin(x);
}

}  // namespace

CORNU_OP(sin) = {
    .name = "sin", .infer = infer_float_unary, .reference = map_floats<apply>, .elementwise = true};

}  // namespace cornu::ops
