// cosh: y = cosh(x).
#include "ops/op.h"

namespace cornu::ops {
namespace {

double apply(double x) {
  return std::cosh(x);
}

}  // namespace

CORNU_OP(cosh) = {
    .name = "cosh", .infer = infer_float_unary, .reference = map_floats<apply>, .elementwise = true};

}  // namespace cornu::ops
