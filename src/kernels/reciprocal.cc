// reciprocal: y = reciprocal(x), element by element. See kernels/function.h. float32.
#include "kernels/function.h"

namespace cornu::kernels {

extern const KernelDef kernel_reciprocal;

const KernelDef kernel_reciprocal = {
    .name = "reciprocal", .op = "reciprocal", .rank = 10, .prepare = [](const KernelSite& site) {
      return prepare_function(site, Function::reciprocal);
    }};

}  // namespace cornu::kernels
