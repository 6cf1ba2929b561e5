// sqrt: y = sqrt(x), element by element. See kernels/function.h. float32.
#include "kernels/function.h"

namespace cornu::kernels {

extern const KernelDef kernel_sqrt;

const KernelDef kernel_sqrt = {
    .name = "sqrt", .op = "sqrt", .rank = 10, .prepare = [](const KernelSite& site) {
      return prepare_function(site, Function::sqrt);
    }};

}  // namespace cornu::kernels
