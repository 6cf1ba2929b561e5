// sigmoid: y = 1 / (1 + exp(-x)). See kernels/unary.h. float32.
#include "kernels/unary.h"

namespace cornu::kernels {

extern const KernelDef kernel_sigmoid;

const KernelDef kernel_sigmoid = {
    .name = "sigmoid", .op = "sigmoid", .rank = 10, .prepare = [](const KernelSite& site) {
      return prepare_unary(site, Activation::sigmoid);
    }};

}  // namespace cornu::kernels
