// maximum: y = the larger of a and b, with broadcasting. See kernels/binary.h. float32.
#include "kernels/binary.h"

namespace cornu::kernels {

extern const KernelDef kernel_maximum;

const KernelDef kernel_maximum = {
    .name = "maximum", .op = "maximum", .rank = 10, .prepare = [](const KernelSite& site) {
      return prepare_binary(site, Binary::maximum);
    }};

}  // namespace cornu::kernels
