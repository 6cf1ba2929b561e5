// hard_tanh: y = clip(x, -1, 1).
#include "ops/op.h"

namespace cornu::ops {
namespace {

double apply(double x) {
  return x < -1 ? -1 : x > 1 ? 1 : x;
}

}  // namespace

CORNU_OP(hard_tanh) = {
    .name = "hard_tanh", .infer = infer_float_unary, .reference = map_floats<apply>, .elementwise = true};

}  // namespace cornu::ops
