// not_equal: y = whether a differs from b, with broadcasting. See kernels/compare.h.
#include "kernels/compare.h"

namespace cornu::kernels {

extern const KernelDef kernel_not_equal;

const KernelDef kernel_not_equal = {
    .name = "not_equal", .op = "not_equal", .rank = 10, .prepare = [](const KernelSite& site) {
      return prepare_compare(site, Comparison::not_equal);
    }};

}  // namespace cornu::kernels
