// abs: y = abs(x), element by element. See kernels/function.h. float32.
#include "kernels/function.h"

namespace cornu::kernels {

extern const KernelDef kernel_abs;

const KernelDef kernel_abs = {.name = "abs", .op = "abs", .rank = 10, .prepare = [](const KernelSite& site) {
                                return prepare_function(site, Function::abs);
                              }};

}  // namespace cornu::kernels
