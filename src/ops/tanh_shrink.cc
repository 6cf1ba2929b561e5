// tanh_shrink: y = x - tanh(x).
#include "ops/op.h"

namespace cornu::ops {
namespace {

double apply(double x) {
  return x - std::tanh(x);
}

}  // namespace

CORNU_OP(tanh_shrink) = {
    .name = "tanh_shrink", .infer = infer_float_unary, .reference = map_floats<apply>, .elementwise = true};

}  // namespace cornu::ops
