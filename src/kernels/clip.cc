// clip: y = min if x < min, max if x > max, else x; an absent bound is none. See kernels/unary.h. float32.
#include <limits>

#include "kernels/unary.h"

namespace cornu::kernels {

extern const KernelDef kernel_clip;

const KernelDef kernel_clip = {
    .name = "clip", .op = "clip", .rank = 10, .prepare = [](const KernelSite& site) {
      constexpr double kInfinity = std::numeric_limits<double>::infinity();
      return prepare_unary(site, Activation::clip, static_cast<float>(site.attrs.number("min", -kInfinity)),
                           static_cast<float>(site.attrs.number("max", kInfinity)));
    }};

}  // namespace cornu::kernels
