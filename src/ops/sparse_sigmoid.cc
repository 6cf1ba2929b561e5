// sparse_sigmoid: y = 0 if x <= -1, (x + 1) / 2 if x < 1, else 1.
#include "ops/op.h"

namespace cornu::ops {
namespace {

double apply(double x) {
  return x <= -1 ? 0 : x < 1 ? (x + 1) / 2 : x >= 1 ? 1 : x;
}

}  // namespace

CORNU_OP(sparse_sigmoid) = {.name = "sparse_sigmoid",
                            .infer = infer_float_unary,
                            .reference = map_floats<apply>,
                            .elementwise = true};

}  // namespace cornu::ops
