// greater_equal: y = whether a >= b, with broadcasting. See kernels/compare.h.
#include "kernels/compare.h"

namespace cornu::kernels {

extern const KernelDef kernel_greater_equal;

const KernelDef kernel_greater_equal = {
    .name = "greater_equal", .op = "greater_equal", .rank = 10, .prepare = [](const KernelSite& site) {
      return prepare_compare(site, Comparison::greater_equal);
    }};

}  // namespace cornu::kernels
