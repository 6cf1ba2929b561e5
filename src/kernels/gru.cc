// gru: h = z h + (1 - z) candidate, step by step. See kernels/recurrent.h. float32.
#include "kernels/recurrent.h"

namespace cornu::kernels {

extern const KernelDef kernel_gru;

const KernelDef kernel_gru = {.name = "gru", .op = "gru", .rank = 10, .prepare = [](const KernelSite& site) {
                                return prepare_recurrent(site, Cell::gru);
                              }};

}  // namespace cornu::kernels
