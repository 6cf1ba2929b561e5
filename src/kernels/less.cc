// less: y = whether a < b, with broadcasting. See kernels/compare.h.
#include "kernels/compare.h"

namespace cornu::kernels {

extern const KernelDef kernel_less;

const KernelDef kernel_less = {
    .name = "less", .op = "less", .rank = 10, .prepare = [](const KernelSite& site) {
      return prepare_compare(site, Comparison::less);
    }};

}  // namespace cornu::kernels
