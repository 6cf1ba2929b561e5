// reduce_sum: the sum of x over neighbouring axes. See kernels/reduce.h. float32.
#include "kernels/reduce.h"

namespace cornu::kernels {

extern const KernelDef kernel_reduce_sum;

const KernelDef kernel_reduce_sum = {
    .name = "reduce_sum", .op = "reduce_sum", .rank = 10, .prepare = [](const KernelSite& site) {
      return prepare_reduce(site, Reduction::sum);
    }};

}  // namespace cornu::kernels
