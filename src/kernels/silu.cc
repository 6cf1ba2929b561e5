// silu: y = x / (1 + exp(-x)). See kernels/unary.h. float32.
#include "kernels/unary.h"

namespace cornu::kernels {

extern const KernelDef kernel_silu;

const KernelDef kernel_silu = {
    .name = "silu", .op = "silu", .rank = 10, .prepare = [](const KernelSite& site) {
      return prepare_unary(site, Activation::silu);
    }};

}  // namespace cornu::kernels
