// gelu: y = x * (1 + erf(x / sqrt(2))) / 2, or with the flag `approximate` its formula with tanh.
// Source  Hendrycks and Gimpel, Gaussian Error Linear Units, 2016
#include "ops/op.h"

namespace cornu::ops {
namespace {

PreparedKernel reference(const KernelSite& site) {
  const double approximate = site.attrs.flag("approximate") ? 1 : 0;
  return map_floats_with(site, [=](double x) { return apply_activation(Activation::gelu, x, approximate); });
}

}  // namespace

CORNU_OP(gelu) = {.name = "gelu", .infer = infer_float_unary, .reference = reference, .elementwise = true};

}  // namespace cornu::ops
