// equal: y = whether a = b, with broadcasting. See kernels/compare.h.
#include "kernels/compare.h"

namespace cornu::kernels {

extern const KernelDef kernel_equal;

const KernelDef kernel_equal = {
    .name = "equal", .op = "equal", .rank = 10, .prepare = [](const KernelSite& site) {
      return prepare_compare(site, Comparison::equal);
    }};

}  // namespace cornu::kernels
