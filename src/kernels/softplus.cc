// softplus: y = log(1 + exp(x)). See kernels/unary.h. float32.
#include "kernels/unary.h"

namespace cornu::kernels {

extern const KernelDef kernel_softplus;

const KernelDef kernel_softplus = {
    .name = "softplus", .op = "softplus", .rank = 10, .prepare = [](const KernelSite& site) {
      return prepare_unary(site, Activation::softplus);
    }};

}  // namespace cornu::kernels
