// softsign: y = x / (1 + |x|).
#include "ops/op.h"

namespace cornu::ops {
namespace {

double apply(double x) {
  return std::isinf(x) ? std::copysign(1.0, x) : x / (1 + std::abs(x));
}

}  // namespace

CORNU_OP(softsign) = {
    .name = "softsign", .infer = infer_float_unary, .reference = map_floats<apply>, .elementwise = true};

}  // namespace cornu::ops
