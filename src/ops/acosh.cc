// acosh: y = acosh(x).
#include "ops/op.h"

namespace cornu::ops {
namespace {

double apply(double x) {
  return std::acosh(x);
}

}  // namespace

CORNU_OP(acosh) = {
    .name = "acosh", .infer = infer_float_unary, .reference = map_floats<apply>, .elementwise = true};

}  // namespace cornu::ops
