// log_sigmoid: y = log(sigmoid(x)) = -softplus(-x).
#include "ops/op.h"

namespace cornu::ops {
namespace {

double apply(double x) {
  return -apply_activation(Activation::softplus, -x);
}

}  // namespace

CORNU_OP(log_sigmoid) = {
    .name = "log_sigmoid", .infer = infer_float_unary, .reference = map_floats<apply>, .elementwise = true};

}  // namespace cornu::ops
