// div: y = a / b, with broadcasting. See kernels/binary.h. float32.
#include "kernels/binary.h"

namespace cornu::kernels {

extern const KernelDef kernel_div;

const KernelDef kernel_div = {.name = "div", .op = "div", .rank = 10, .prepare = [](const KernelSite& site) {
                                return prepare_binary(site, Binary::div);
                              }};

}  // namespace cornu::kernels
