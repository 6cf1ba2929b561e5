// asin: y = asin(x) in radians.
#include "ops/op.h"

namespace cornu::ops {
namespace {

double apply(double x) {
  return std::asin(x);
}

}  // namespace

CORNU_OP(asin) = {
    .name = "asin", .infer = infer_float_unary, .reference = map_floats<apply>, .elementwise = true};

}  // namespace cornu::ops
