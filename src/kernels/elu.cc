// elu: y = x if x > 0, else alpha (exp(x) - 1). See kernels/unary.h. float32.
#include "kernels/unary.h"

namespace cornu::kernels {

extern const KernelDef kernel_elu;

const KernelDef kernel_elu = {.name = "elu", .op = "elu", .rank = 10, .prepare = [](const KernelSite& site) {
                                return prepare_unary(site, Activation::elu,
                                                     static_cast<float>(site.attrs.number("alpha", 1.0)));
                              }};

}  // namespace cornu::kernels
