// erf: y = erf(x), Gauss's error function.
#include "ops/op.h"

namespace cornu::ops {
namespace {

double apply(double x) {
  return std::erf(x);
}

}  // namespace

CORNU_OP(erf) = {
    .name = "erf", .infer = infer_float_unary, .reference = map_floats<apply>, .elementwise = true};

}  // namespace cornu::ops
