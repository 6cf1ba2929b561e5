// avg_pool: y[b, o, c] = the mean of x over the elements of the window at o that lie inside x. See
// kernels/pool.h. float32.
#include "kernels/pool.h"

namespace cornu::kernels {

extern const KernelDef kernel_avg_pool;

const KernelDef kernel_avg_pool = {
    .name = "avg_pool", .op = "avg_pool", .rank = 10, .prepare = [](const KernelSite& site) {
      return prepare_pool(site, Pool::average);
    }};

}  // namespace cornu::kernels
