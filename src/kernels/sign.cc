// sign: y = sign(x), element by element. See kernels/function.h. float32.
#include "kernels/function.h"

namespace cornu::kernels {

extern const KernelDef kernel_sign;

const KernelDef kernel_sign = {
    .name = "sign", .op = "sign", .rank = 10, .prepare = [](const KernelSite& site) {
      return prepare_function(site, Function::sign);
    }};

}  // namespace cornu::kernels
