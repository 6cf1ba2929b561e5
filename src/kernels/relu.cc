// relu: y = max(x, 0). See kernels/unary.h. float32.
#include "kernels/unary.h"

namespace cornu::kernels {

extern const KernelDef kernel_relu;

const KernelDef kernel_relu = {
    .name = "relu", .op = "relu", .rank = 10, .prepare = [](const KernelSite& site) {
      return prepare_unary(site, Activation::relu);
    }};

}  // namespace cornu::kernels
