// gelu: y = x (1 + erf(x / sqrt 2)) / 2, or its approximation with tanh. See kernels/unary.h. float32.
#include "kernels/unary.h"

namespace cornu::kernels {

extern const KernelDef kernel_gelu;

const KernelDef kernel_gelu = {
    .name = "gelu", .op = "gelu", .rank = 10, .prepare = [](const KernelSite& site) {
      return prepare_unary(site, Activation::gelu, site.attrs.flag("approximate") ? 1.0F : 0.0F);
    }};

}  // namespace cornu::kernels
