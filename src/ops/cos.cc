// cos: y = cos(x) in radians.
#include "ops/op.h"

namespace cornu::ops {
namespace {

double apply(double x) {
  return std::cos(x);
}

}  // namespace

CORNU_OP(cos) = {
    .name = "cos", .infer = infer_float_unary, .reference = map_floats<apply>, .elementwise = true};

}  // namespace cornu::ops
