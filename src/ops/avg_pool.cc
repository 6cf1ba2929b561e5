// avg_pool: the mean of each window's elements, channel by channel; padding does not count as elements.
// Input   x  (batch, spatial..., channels), 1 to 3 spatial axes, floating point
// Output  y  (batch, out..., channels)
// Attrs   window; strides, auto_pad, padding (ops/window.h)
// Errors  bad_shape: a window that does not fit, a padding as large as its window
#include "ops/pool.h"

namespace cornu::ops {
namespace {

PreparedKernel reference(const KernelSite& site) {
  return prepare_pool(
      site, 0, [](double sum, double value) { return sum + value; },
      [](double sum, int64_t count) { return sum / static_cast<double>(count); });
}

}  // namespace

CORNU_OP(avg_pool) = {.name = "avg_pool", .infer = infer_pool, .reference = reference};

}  // namespace cornu::ops
