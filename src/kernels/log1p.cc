// log1p: y = log1p(x), element by element. See kernels/function.h. float32.
#include "kernels/function.h"

namespace cornu::kernels {

extern const KernelDef kernel_log1p;

const KernelDef kernel_log1p = {
    .name = "log1p", .op = "log1p", .rank = 10, .prepare = [](const KernelSite& site) {
      return prepare_function(site, Function::log1p);
    }};

}  // namespace cornu::kernels
