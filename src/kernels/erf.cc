// erf: y = erf(x), element by element. See kernels/function.h. float32.
#include "kernels/function.h"

namespace cornu::kernels {

extern const KernelDef kernel_erf;

const KernelDef kernel_erf = {.name = "erf", .op = "erf", .rank = 10, .prepare = [](const KernelSite& site) {
                                return prepare_function(site, Function::erf);
                              }};

}  // namespace cornu::kernels
