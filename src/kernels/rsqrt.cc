// rsqrt: y = rsqrt(x), element by element. See kernels/function.h. float32.
#include "kernels/function.h"

namespace cornu::kernels {

extern const KernelDef kernel_rsqrt;

const KernelDef kernel_rsqrt = {
    .name = "rsqrt", .op = "rsqrt", .rank = 10, .prepare = [](const KernelSite& site) {
      return prepare_function(site, Function::rsqrt);
    }};

}  // namespace cornu::kernels
