// acos: y = acos(x) in radians.
#include "ops/op.h"

namespace cornu::ops {
namespace {

double apply(double x) {
  return std::acos(x);
}

}  // namespace

CORNU_OP(acos) = {
    .name = "acos", .infer = infer_float_unary, .reference = map_floats<apply>, .elementwise = true};

}  // namespace cornu::ops
