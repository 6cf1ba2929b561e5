// lstm: c = f c + i g, h = o activation(c), step by step. See kernels/recurrent.h. float32.
#include "kernels/recurrent.h"

namespace cornu::kernels {

extern const KernelDef kernel_lstm;

const KernelDef kernel_lstm = {
    .name = "lstm", .op = "lstm", .rank = 10, .prepare = [](const KernelSite& site) {
      return prepare_recurrent(site, Cell::lstm);
    }};

}  // namespace cornu::kernels
