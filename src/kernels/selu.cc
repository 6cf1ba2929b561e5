// selu: y = 1.0507... (x if x > 0, else 1.6732... (exp(x) - 1)). See kernels/unary.h. float32.
#include "kernels/unary.h"

namespace cornu::kernels {

extern const KernelDef kernel_selu;

const KernelDef kernel_selu = {
    .name = "selu", .op = "selu", .rank = 10, .prepare = [](const KernelSite& site) {
      return prepare_unary(site, Activation::selu);
    }};

}  // namespace cornu::kernels
