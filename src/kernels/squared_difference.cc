// squared_difference: y = (a - b)^2, with broadcasting. See kernels/binary.h. float32.
#include "kernels/binary.h"

namespace cornu::kernels {

extern const KernelDef kernel_squared_difference;

const KernelDef kernel_squared_difference = {
    .name = "squared_difference",
    .op = "squared_difference",
    .rank = 10,
    .prepare = [](const KernelSite& site) { return prepare_binary(site, Binary::squared_difference); }};

}  // namespace cornu::kernels
