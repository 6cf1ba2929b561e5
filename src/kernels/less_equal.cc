// less_equal: y = whether a <= b, with broadcasting. See kernels/compare.h.
#include "kernels/compare.h"

namespace cornu::kernels {

extern const KernelDef kernel_less_equal;

const KernelDef kernel_less_equal = {
    .name = "less_equal", .op = "less_equal", .rank = 10, .prepare = [](const KernelSite& site) {
      return prepare_compare(site, Comparison::less_equal);
    }};

}  // namespace cornu::kernels
