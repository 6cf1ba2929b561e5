// neg: y = neg(x), element by element. See kernels/function.h. float32.
#include "kernels/function.h"

namespace cornu::kernels {

extern const KernelDef kernel_neg;

const KernelDef kernel_neg = {.name = "neg", .op = "neg", .rank = 10, .prepare = [](const KernelSite& site) {
                                return prepare_function(site, Function::neg);
                              }};

}  // namespace cornu::kernels
