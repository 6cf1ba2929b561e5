// softmax: y = softmax(x) over the last axis. See kernels/rows.h. float32.
#include "kernels/rows.h"

namespace cornu::kernels {

extern const KernelDef kernel_softmax;

const KernelDef kernel_softmax = {
    .name = "softmax", .op = "softmax", .rank = 10, .prepare = [](const KernelSite& site) {
      return prepare_softmax(site, false);
    }};

}  // namespace cornu::kernels
