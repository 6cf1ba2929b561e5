// atanh: y = atanh(x).
#include "ops/op.h"

namespace cornu::ops {
namespace {

double apply(double x) {
  return std::atanh(x);
}

}  // namespace

CORNU_OP(atanh) = {
    .name = "atanh", .infer = infer_float_unary, .reference = map_floats<apply>, .elementwise = true};

}  // namespace cornu::ops
