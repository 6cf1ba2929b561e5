#include <algorithm>
#include <limits>

#include "base/thread_pool.h"
#include "kernels/pool.h"
#include "kernels/simd_targets.h"
#include "kernels/site.h"
#include "kernels/window.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/common_pool.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h.
#include "kernels/simd-inl.h"

HWY_BEFORE_NAMESPACE();
namespace cornu::kernels::HWY_NAMESPACE {
namespace {

using D = hn::ScalableTag<float>;
using V = hn::Vec<D>;

constexpr int64_t kFloatBytes = sizeof(float);

// One vector of channels at x over a box of elements.
template <Pool kPool>
HWY_INLINE V pool_vector(const PoolBox& box, const std::byte* x) {
  const D d;
  V y = kPool == Pool::max ? hn::Set(d, -std::numeric_limits<float>::infinity()) : hn::Zero(d);
  for (int64_t i = 0; i < box.count[0]; i++) {
    for (int64_t j = 0; j < box.count[1]; j++) {
      const std::byte* p = x + i * box.step_bytes[0] + j * box.step_bytes[1];
      for (int64_t k = 0; k < box.count[2]; k++, p += box.step_bytes[2]) {
        y = kPool == Pool::max ? max_or_nan(y, load(d, p)) : hn::Add(y, load(d, p));
      }
    }
  }
  return kPool == Pool::max ? y : hn::Mul(y, hn::Set(d, box.inverse));
}

// The same for one channel.
template <Pool kPool>
float pool_channel(const PoolBox& box, const std::byte* x) {
  float y = kPool == Pool::max ? -std::numeric_limits<float>::infinity() : 0.0F;
  for (int64_t i = 0; i < box.count[0] * box.count[1] * box.count[2]; i++) {
    const int64_t row = i / box.count[2];
    const auto value =
        load_at<float>(x + row / box.count[1] * box.step_bytes[0] + row % box.count[1] * box.step_bytes[1] +
                           i % box.count[2] * box.step_bytes[2],
                       0);
    if (kPool == Pool::average) {
      y += value;
    } else if (value > y || value != value) {
      y = value;
    }
  }
  return kPool == Pool::max ? y : y * box.inverse;
}

template <Pool kPool>
void pool_channels(const PoolBox& box, int64_t channels, float* y) {
  const D d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  if (channels < lanes) {
    for (int64_t c = 0; c < channels; c++) y[c] = pool_channel<kPool>(box, box.x + c * kFloatBytes);
    return;
  }
  for (int64_t next = 0; next < channels; next += lanes) {
    const int64_t c = std::min(next, channels - lanes);  // the last vector overlaps the one before
    hn::StoreU(pool_vector<kPool>(box, box.x + c * kFloatBytes), d, y + c);
  }
}

}  // namespace

void pool_box(Pool pool, const PoolBox& box, int64_t channels, float* y) {
  if (pool == Pool::max) {
    pool_channels<Pool::max>(box, channels, y);
  } else {
    pool_channels<Pool::average>(box, channels, y);
  }
}

}  // namespace cornu::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace cornu::kernels {
namespace {

HWY_EXPORT(pool_box);

// The taps of one axis that lie inside x: the first element and their number.
std::pair<int64_t, int64_t> taps_inside(const Window& window, size_t axis, int64_t out) {
  const int64_t start = out * window.stride[axis] - window.low[axis];
  const int64_t step = window.dilation[axis];
  const int64_t first = start >= 0 ? 0 : (-start + step - 1) / step;
  const int64_t end = std::min(window.size[axis], (window.in[axis] - start + step - 1) / step);
  return {start + first * step, end - first};
}

bool has_empty_window(const Window& window) {
  for (size_t axis = 0; axis < 3; axis++) {
    for (int64_t out : {int64_t{0}, window.out[axis] - 1}) {
      if (taps_inside(window, axis, out).second <= 0) return true;
    }
  }
  return false;
}

// One row of outputs.
void pool_row(const Window& window, Pool pool, const std::byte* x, int64_t row, float* y) {
  const Window::Axes strides = {window.in[1] * window.in[2], window.in[2], 1};  // in pixels
  const int64_t image = row / window.out[1] / window.out[0];
  const int64_t pixel_bytes = window.channels * static_cast<int64_t>(sizeof(float));
  for (int64_t column = 0; column < window.out[2]; column++) {
    const Window::Axes out = {row / window.out[1] % window.out[0], row % window.out[1], column};
    PoolBox box = {};
    int64_t pixel = image * window.in[0] * strides[0];
    int64_t count = 1;
    for (size_t axis = 0; axis < 3; axis++) {
      const auto [first, taps] = taps_inside(window, axis, out[axis]);
      pixel += first * strides[axis];
      box.count[axis] = taps;
      box.step_bytes[axis] = window.dilation[axis] * strides[axis] * pixel_bytes;
      count *= taps;
    }
    box.x = x + pixel * pixel_bytes;
    box.inverse = 1.0F / static_cast<float>(count);
    HWY_DYNAMIC_DISPATCH(pool_box)
    (pool, box, window.channels, y + (row * window.out[2] + column) * window.channels);
  }
}

}  // namespace

PreparedKernel prepare_pool(const KernelSite& site, Pool pool) {
  if (std::string why = refuse_other_than_float32(site); !why.empty()) return refuse(why);
  Window window;
  const Ints& size = site.attrs.ints("window");
  if (std::string why = window.parse(site.in[0].shape, site.out[0].shape, size, site.attrs); !why.empty()) {
    return refuse(why);
  }
  if (has_empty_window(window)) return refuse("a window may lie wholly in the padding");
  const int64_t rows = window.batch * window.out[0] * window.out[1];
  const int64_t jobs = site.threads == 1 ? 1 : std::min<int64_t>(rows, int64_t{4} * site.threads);
  const auto run = [window, pool, rows, jobs](const KernelCall& call) {
    auto* const y = reinterpret_cast<float*>(call.out[0]);
    call.pool.run(jobs, [&](int64_t job, int) {
      for (int64_t row = rows * job / jobs; row < rows * (job + 1) / jobs; row++) {
        pool_row(window, pool, call.in[0], row, y);
      }
    });
  };
  return {run, 0, {}};
}

}  // namespace cornu::kernels
#endif
