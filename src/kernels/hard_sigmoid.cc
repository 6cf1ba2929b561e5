// hard_sigmoid: y = relu6(x + 3) / 6. See kernels/unary.h. float32.
#include "kernels/unary.h"

namespace cornu::kernels {

extern const KernelDef kernel_hard_sigmoid;

const KernelDef kernel_hard_sigmoid = {
    .name = "hard_sigmoid", .op = "hard_sigmoid", .rank = 10, .prepare = [](const KernelSite& site) {
      return prepare_unary(site, Activation::hard_sigmoid);
    }};

}  // namespace cornu::kernels
