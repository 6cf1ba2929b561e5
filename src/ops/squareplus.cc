// squareplus: y = (x + sqrt(x^2 + b)) / 2.      Attrs  b (number, 4)
#include "ops/op.h"

namespace cornu::ops {
namespace {

PreparedKernel reference(const KernelSite& site) {
  const double b = site.attrs.number("b", 4);
  return map_floats_with(site, [=](double x) { return (x + std::sqrt(x * x + b)) / 2; });
}

}  // namespace

CORNU_OP(squareplus) = {
    .name = "squareplus", .infer = infer_float_unary, .reference = reference, .elementwise = true};

}  // namespace cornu::ops
