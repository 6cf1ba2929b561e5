// ceil: y = ceil(x), element by element. See kernels/function.h. float32.
#include "kernels/function.h"

namespace cornu::kernels {

extern const KernelDef kernel_ceil;

const KernelDef kernel_ceil = {
    .name = "ceil", .op = "ceil", .rank = 10, .prepare = [](const KernelSite& site) {
      return prepare_function(site, Function::ceil);
    }};

}  // namespace cornu::kernels
