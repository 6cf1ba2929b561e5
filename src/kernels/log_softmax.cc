// log_softmax: y = log(softmax(x)) over the last axis. See kernels/rows.h. float32.
#include "kernels/rows.h"

namespace cornu::kernels {

extern const KernelDef kernel_log_softmax;

const KernelDef kernel_log_softmax = {
    .name = "log_softmax", .op = "log_softmax", .rank = 10, .prepare = [](const KernelSite& site) {
      return prepare_softmax(site, true);
    }};

}  // namespace cornu::kernels
