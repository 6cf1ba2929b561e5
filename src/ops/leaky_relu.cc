// leaky_relu: y = x if x >= 0, else slope * x.      Attrs  slope (number)
#include "ops/op.h"

namespace cornu::ops {
namespace {

double apply(double x, const Attrs& attrs) {
  return x >= 0 ? x : x * attrs.number("slope");
}

}  // namespace

CORNU_OP(leaky_relu) = {.name = "leaky_relu",
                        .infer = infer_float_unary,
                        .reference = prepare_float_unary<apply>,
                        .elementwise = true};

}  // namespace cornu::ops
