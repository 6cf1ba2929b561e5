// softsign: y = softsign(x), element by element. See kernels/function.h. float32.
#include "kernels/function.h"

namespace cornu::kernels {

extern const KernelDef kernel_softsign;

const KernelDef kernel_softsign = {
    .name = "softsign", .op = "softsign", .rank = 10, .prepare = [](const KernelSite& site) {
      return prepare_function(site, Function::softsign);
    }};

}  // namespace cornu::kernels
