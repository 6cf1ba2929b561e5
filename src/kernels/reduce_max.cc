// reduce_max: the largest of x over neighbouring axes. See kernels/reduce.h. float32.
#include "kernels/reduce.h"

namespace cornu::kernels {

extern const KernelDef kernel_reduce_max;

const KernelDef kernel_reduce_max = {
    .name = "reduce_max", .op = "reduce_max", .rank = 10, .prepare = [](const KernelSite& site) {
      return prepare_reduce(site, Reduction::max);
    }};

}  // namespace cornu::kernels
