// sinh: y = sinh(x).
#include "ops/op.h"

namespace cornu::ops {
namespace {

double apply(double x) {
  return std::sinh(x);
}

}  // namespace

CORNU_OP(sinh) = {
    .name = "sinh", .infer = infer_float_unary, .reference = map_floats<apply>, .elementwise = true};

}  // namespace cornu::ops
