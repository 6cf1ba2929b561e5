// rsqrt: y = 1 / sqrt(x): infinity at 0, NaN below.
#include "ops/op.h"

namespace cornu::ops {
namespace {

double apply(double x) {
  return 1 / std::sqrt(x);
}

}  // namespace

CORNU_OP(rsqrt) = {
    .name = "rsqrt", .infer = infer_float_unary, .reference = map_floats<apply>, .elementwise = true};

}  // namespace cornu::ops
