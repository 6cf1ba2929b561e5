// reduce_mean: the mean of x over neighbouring axes. See kernels/reduce.h. float32.
#include "kernels/reduce.h"

namespace cornu::kernels {

extern const KernelDef kernel_reduce_mean;

const KernelDef kernel_reduce_mean = {
    .name = "reduce_mean", .op = "reduce_mean", .rank = 10, .prepare = [](const KernelSite& site) {
      return prepare_reduce(site, Reduction::mean);
    }};

}  // namespace cornu::kernels
