// floor: y = floor(x), element by element. See kernels/function.h. float32.
#include "kernels/function.h"

namespace cornu::kernels {

extern const KernelDef kernel_floor;

const KernelDef kernel_floor = {
    .name = "floor", .op = "floor", .rank = 10, .prepare = [](const KernelSite& site) {
      return prepare_function(site, Function::floor);
    }};

}  // namespace cornu::kernels
