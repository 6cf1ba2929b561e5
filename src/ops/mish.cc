// mish: y = x * tanh(softplus(x)).
#include "ops/op.h"

namespace cornu::ops {
namespace {

double apply(double x) {
  return x * std::tanh(apply_activation(Activation::softplus, x));
}

}  // namespace

CORNU_OP(mish) = {
    .name = "mish", .infer = infer_float_unary, .reference = map_floats<apply>, .elementwise = true};

}  // namespace cornu::ops
