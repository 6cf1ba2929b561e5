// greater: y = whether a > b, with broadcasting. See kernels/compare.h.
#include "kernels/compare.h"

namespace cornu::kernels {

extern const KernelDef kernel_greater;

const KernelDef kernel_greater = {
    .name = "greater", .op = "greater", .rank = 10, .prepare = [](const KernelSite& site) {
      return prepare_compare(site, Comparison::greater);
    }};

}  // namespace cornu::kernels
