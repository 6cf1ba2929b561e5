// sparse_plus: y = 0 if x <= -1, (x + 1)^2 / 4 if x < 1, else x.
#include "ops/op.h"

namespace cornu::ops {
namespace {

double apply(double x) {
  return x <= -1 ? 0 : x < 1 ? (x + 1) * (x + 1) / 4 : x;
}

}  // namespace

CORNU_OP(sparse_plus) = {
    .name = "sparse_plus", .infer = infer_float_unary, .reference = map_floats<apply>, .elementwise = true};

}  // namespace cornu::ops
