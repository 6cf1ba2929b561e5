// leaky_relu: y = x if x >= 0, else slope * x.      Attrs  slope (number)
#include "ops/op.h"

namespace cornu::ops {
namespace {

PreparedKernel reference(const KernelSite& site) {
  return map_floats_with(site,
                         [slope = site.attrs.number("slope")](double x) { return x < 0 ? slope * x : x; });
}

}  // namespace

CORNU_OP(leaky_relu) = {
    .name = "leaky_relu", .infer = infer_float_unary, .reference = reference, .elementwise = true};

}  // namespace cornu::ops
