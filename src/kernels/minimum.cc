// minimum: y = the smaller of a and b, with broadcasting. See kernels/binary.h. float32.
#include "kernels/binary.h"

namespace cornu::kernels {

extern const KernelDef kernel_minimum;

const KernelDef kernel_minimum = {
    .name = "minimum", .op = "minimum", .rank = 10, .prepare = [](const KernelSite& site) {
      return prepare_binary(site, Binary::minimum);
    }};

}  // namespace cornu::kernels
