// expm1: y = exp(x) - 1, exact near 0.
#include "ops/op.h"

namespace cornu::ops {
namespace {

double apply(double x) {
  return std::expm1(x);
}

}  // namespace

CORNU_OP(expm1) = {
    .name = "expm1", .infer = infer_float_unary, .reference = map_floats<apply>, .elementwise = true};

}  // namespace cornu::ops
