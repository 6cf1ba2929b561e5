// sub: y = a - b, with broadcasting. See kernels/binary.h. float32.
#include "kernels/binary.h"

namespace cornu::kernels {

extern const KernelDef kernel_sub;

const KernelDef kernel_sub = {.name = "sub", .op = "sub", .rank = 10, .prepare = [](const KernelSite& site) {
                                return prepare_binary(site, Binary::sub);
                              }};

}  // namespace cornu::kernels
