// erfc: y = 1 - erf(x), without the loss of digits for large x.
#include "ops/op.h"

namespace cornu::ops {
namespace {

double apply(double x) {
  return std::erfc(x);
}

constexpr std::string_view kTfNames[] = {"Erfc"};

}  // namespace

CORNU_OP(erfc) = {.name = "erfc",
                  .infer = infer_float_unary,
                  .reference = map_floats<apply>,
                  .elementwise = true,
                  .tf_names = kTfNames};

}  // namespace cornu::ops
