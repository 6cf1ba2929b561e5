// softsign: y = x / (1 + |x|).
#include "ops/op.h"

namespace cornu::ops {
namespace {

double apply(double x) {
  return x / (1 + std::abs(x));
}  // NaN for infinities, as in TensorFlow

}  // namespace

CORNU_OP(softsign) = {
    .name = "softsign", .infer = infer_float_unary, .reference = map_floats<apply>, .elementwise = true};

}  // namespace cornu::ops
