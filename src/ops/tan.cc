// tan: y = tan(x) in radians.
#include "ops/op.h"

namespace cornu::ops {
namespace {

double apply(double x) {
  return std::tan(x);
}

}  // namespace

CORNU_OP(tan) = {
    .name = "tan", .infer = infer_float_unary, .reference = map_floats<apply>, .elementwise = true};

}  // namespace cornu::ops
