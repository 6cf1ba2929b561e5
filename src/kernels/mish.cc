// mish: y = mish(x), element by element. See kernels/function.h. float32.
#include "kernels/function.h"

namespace cornu::kernels {

extern const KernelDef kernel_mish;

const KernelDef kernel_mish = {
    .name = "mish", .op = "mish", .rank = 10, .prepare = [](const KernelSite& site) {
      return prepare_function(site, Function::mish);
    }};

}  // namespace cornu::kernels
