// max_pool: the largest element of each window, channel by channel; NaN if there is one.
// Input   x  (batch, spatial..., channels), 1 to 3 spatial axes, floating point
// Output  y  (batch, out..., channels)
// Attrs   window; strides, auto_pad, padding (ops/window.h)
// Errors  bad_shape: a window that does not fit, a padding as large as its window
#include <limits>

#include "ops/pool.h"

namespace cornu::ops {
namespace {

PreparedKernel reference(const KernelSite& site) {
  return prepare_pool(
      site, -std::numeric_limits<double>::infinity(),
      [](double best, double value) { return best >= value || best != best ? best : value; },
      [](double best, int64_t) { return best; });
}

}  // namespace

CORNU_OP(max_pool) = {.name = "max_pool", .infer = infer_pool, .reference = reference};

}  // namespace cornu::ops
