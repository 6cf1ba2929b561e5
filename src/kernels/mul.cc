// mul: y = a b, with broadcasting. See kernels/binary.h. float32.
#include "kernels/binary.h"

namespace cornu::kernels {

extern const KernelDef kernel_mul;

const KernelDef kernel_mul = {.name = "mul", .op = "mul", .rank = 10, .prepare = [](const KernelSite& site) {
                                return prepare_binary(site, Binary::mul);
                              }};

}  // namespace cornu::kernels
