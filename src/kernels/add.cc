// add: y = a + b, with broadcasting. See kernels/binary.h. float32.
#include "kernels/binary.h"

namespace cornu::kernels {

extern const KernelDef kernel_add;

const KernelDef kernel_add = {.name = "add", .op = "add", .rank = 10, .prepare = [](const KernelSite& site) {
                                return prepare_binary(site, Binary::add);
                              }};

}  // namespace cornu::kernels
