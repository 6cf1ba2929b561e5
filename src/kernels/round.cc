// round: y = round(x), element by element. See kernels/function.h. float32.
#include "kernels/function.h"

namespace cornu::kernels {

extern const KernelDef kernel_round;

const KernelDef kernel_round = {
    .name = "round", .op = "round", .rank = 10, .prepare = [](const KernelSite& site) {
      return prepare_function(site, Function::round);
    }};

}  // namespace cornu::kernels
