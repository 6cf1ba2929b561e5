// square: y = square(x), element by element. See kernels/function.h. float32.
#include "kernels/function.h"

namespace cornu::kernels {

extern const KernelDef kernel_square;

const KernelDef kernel_square = {
    .name = "square", .op = "square", .rank = 10, .prepare = [](const KernelSite& site) {
      return prepare_function(site, Function::square);
    }};

}  // namespace cornu::kernels
