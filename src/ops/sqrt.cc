// sqrt: y = sqrt(x): NaN below 0.
#include "ops/op.h"

namespace cornu::ops {
namespace {

double apply(double x) {
  return std::sqrt(x);
}

}  // namespace

CORNU_OP(sqrt) = {
    .name = "sqrt", .infer = infer_float_unary, .reference = map_floats<apply>, .elementwise = true};

}  // namespace cornu::ops
