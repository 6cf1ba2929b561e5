// tanh: y = tanh(x). See kernels/unary.h. float32.
#include "kernels/unary.h"

namespace cornu::kernels {

extern const KernelDef kernel_tanh;

const KernelDef kernel_tanh = {
    .name = "tanh", .op = "tanh", .rank = 10, .prepare = [](const KernelSite& site) {
      return prepare_unary(site, Activation::tanh);
    }};

}  // namespace cornu::kernels
