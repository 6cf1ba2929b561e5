// max_pool: y[b, o, c] = the largest of x over the window at o. NaN is larger than all. See kernels/pool.h.
// float32.
#include "kernels/pool.h"

namespace cornu::kernels {

extern const KernelDef kernel_max_pool;

const KernelDef kernel_max_pool = {
    .name = "max_pool", .op = "max_pool", .rank = 10, .prepare = [](const KernelSite& site) {
      return prepare_pool(site, Pool::max);
    }};

}  // namespace cornu::kernels
