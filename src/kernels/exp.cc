// exp: y = exp(x). See kernels/unary.h. float32.
#include "kernels/unary.h"

namespace cornu::kernels {

extern const KernelDef kernel_exp;

const KernelDef kernel_exp = {.name = "exp", .op = "exp", .rank = 10, .prepare = [](const KernelSite& site) {
                                return prepare_unary(site, Activation::exp);
                              }};

}  // namespace cornu::kernels
