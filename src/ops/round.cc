// round: y = the nearest whole number, halves to the even one, as numpy.round does.
#include "ops/op.h"

namespace cornu::ops {
namespace {

double apply(double x) {
  return std::nearbyint(x);
}

}  // namespace

CORNU_OP(round) = {
    .name = "round", .infer = infer_float_unary, .reference = map_floats<apply>, .elementwise = true};

}  // namespace cornu::ops
