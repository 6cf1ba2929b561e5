// hard_silu: y = x relu6(x + 3) / 6. See kernels/unary.h. float32.
#include "kernels/unary.h"

namespace cornu::kernels {

extern const KernelDef kernel_hard_silu;

const KernelDef kernel_hard_silu = {
    .name = "hard_silu", .op = "hard_silu", .rank = 10, .prepare = [](const KernelSite& site) {
      return prepare_unary(site, Activation::hard_silu);
    }};

}  // namespace cornu::kernels
