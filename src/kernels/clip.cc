// clip: y = min if x < min, max if x > max, else x. See kernels/unary.h. float32.
#include "kernels/unary.h"

namespace cornu::kernels {

extern const KernelDef kernel_clip;

const KernelDef kernel_clip = {
    .name = "clip", .op = "clip", .rank = 10, .prepare = [](const KernelSite& site) {
      return prepare_unary(site, Activation::clip, static_cast<float>(site.attrs.number("min")),
                           static_cast<float>(site.attrs.number("max")));
    }};

}  // namespace cornu::kernels
