// floor: y = the largest whole number <= x.
#include "ops/op.h"

namespace cornu::ops {
namespace {

double apply(double x) {
  return std::floor(x);
}

}  // namespace

CORNU_OP(floor) = {
    .name = "floor", .infer = infer_float_unary, .reference = map_floats<apply>, .elementwise = true};

}  // namespace cornu::ops
