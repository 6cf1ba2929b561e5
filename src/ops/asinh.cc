// asinh: y = asinh(x).
#include "ops/op.h"

namespace cornu::ops {
namespace {

double apply(double x) {
  return std::asinh(x);
}

}  // namespace

CORNU_OP(asinh) = {
    .name = "asinh", .infer = infer_float_unary, .reference = map_floats<apply>, .elementwise = true};

}  // namespace cornu::ops
