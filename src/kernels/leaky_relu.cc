// leaky_relu: y = x if x >= 0, else slope x. See kernels/unary.h. float32.
#include "kernels/unary.h"

namespace cornu::kernels {

extern const KernelDef kernel_leaky_relu;

const KernelDef kernel_leaky_relu = {
    .name = "leaky_relu", .op = "leaky_relu", .rank = 10, .prepare = [](const KernelSite& site) {
      return prepare_unary(site, Activation::leaky_relu, static_cast<float>(site.attrs.number("slope")));
    }};

}  // namespace cornu::kernels
