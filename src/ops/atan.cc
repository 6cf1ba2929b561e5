// atan: y = atan(x) in radians.
#include "ops/op.h"

namespace cornu::ops {
namespace {

double apply(double x) {
  return std::atan(x);
}

}  // namespace

CORNU_OP(atan) = {
    .name = "atan", .infer = infer_float_unary, .reference = map_floats<apply>, .elementwise = true};

}  // namespace cornu::ops
