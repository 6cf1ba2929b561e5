// max_pool_gradient: each dy goes to the first of the largest elements of its window. float32.
// Input   x (batch, spatial..., channels), y = max_pool(x), dy of y's shape     Output  dx of x's shape
// How     vectors of channels; images are shared out among threads, since windows of one image may overlap.
// Refuses other types and empty arrays.
#include <algorithm>
#include <memory>

#include "base/thread_pool.h"
#include "kernels/simd_targets.h"
#include "kernels/site.h"
#include "kernels/window.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/max_pool_gradient.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h.
#include "kernels/simd-inl.h"

#ifndef CORNU_POOLED_WINDOW
#define CORNU_POOLED_WINDOW
namespace cornu::kernels {

// One window: `rows` rows of `columns` elements of x that lie inside of it, and the same elements of dx.
struct PooledWindow {
  int64_t rows, columns, channels;
  int64_t row_stride;  // floats from row to row
  const float* x;
  const float* y;
  const float* dy;
  float* dx;
};

}  // namespace cornu::kernels
#endif

HWY_BEFORE_NAMESPACE();
namespace cornu::kernels::HWY_NAMESPACE {

template <class D>
void give_channels(D d, const PooledWindow& w, int64_t c) {
  const auto largest = hn::LoadU(d, w.y + c);
  const auto slope = hn::LoadU(d, w.dy + c);
  auto open =
      hn::Eq(slope, slope);  // the channels whose element is not found yet; those of a NaN slope never are
  for (int64_t row = 0; row < w.rows; row++) {
    for (int64_t column = 0; column < w.columns; column++) {
      const int64_t at = row * w.row_stride + column * w.channels + c;
      const auto hit = hn::And(open, hn::Eq(hn::LoadU(d, w.x + at), largest));
      hn::StoreU(hn::Add(hn::LoadU(d, w.dx + at), hn::IfThenElseZero(hit, slope)), d, w.dx + at);
      open = hn::AndNot(hit, open);
    }
  }
}

void give_window(const PooledWindow& window) {
  const hn::ScalableTag<float> d;
  const hn::CappedTag<float, 1> one;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  int64_t c = 0;
  for (; c + lanes <= window.channels; c += lanes) give_channels(d, window, c);
  for (; c < window.channels; c++) give_channels(one, window, c);
}

}  // namespace cornu::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace cornu::kernels {

extern const KernelDef kernel_max_pool_gradient;

namespace {

HWY_EXPORT(give_window);

// The elements [first, second) of an axis that window `out` covers.
std::pair<int64_t, int64_t> elements_of(const Window& window, size_t axis, int64_t out) {
  const int64_t first = out * window.stride[axis] - window.low[axis];
  return {std::max<int64_t>(first, 0), std::min(first + window.size[axis], window.in[axis])};
}

void run_image(const Window& window, int64_t image, const KernelCall& call) {
  const int64_t channels = window.channels;
  const int64_t row_floats = window.in[2] * channels;
  const int64_t image_floats = window.in[0] * window.in[1] * row_floats;
  const auto* const x = reinterpret_cast<const float*>(call.in[0]) + image * image_floats;
  auto* const dx = reinterpret_cast<float*>(call.out[0]) + image * image_floats;
  std::fill_n(dx, image_floats, 0.0F);
  const int64_t pixels = window.out[0] * window.out[1] * window.out[2];
  for (int64_t pixel = 0; pixel < pixels; pixel++) {
    const int64_t at = (image * pixels + pixel) * channels;
    const auto [w_begin, w_end] = elements_of(window, 2, pixel % window.out[2]);
    const auto [h_begin, h_end] = elements_of(window, 1, pixel / window.out[2] % window.out[1]);
    const int64_t offset = h_begin * row_floats + w_begin * channels;
    HWY_DYNAMIC_DISPATCH(give_window)
    ({h_end - h_begin, w_end - w_begin, channels, row_floats, x + offset,
      reinterpret_cast<const float*>(call.in[1]) + at, reinterpret_cast<const float*>(call.in[2]) + at,
      dx + offset});
  }
}

PreparedKernel prepare(const KernelSite& site) {
  if (std::string why = refuse_other_than_float32(site); !why.empty()) return refuse(why);
  auto window = std::make_shared<Window>();
  if (std::string why =
          window->parse(site.in[0].shape, site.in[1].shape, site.attrs.ints("window"), site.attrs);
      !why.empty())
    return refuse(why);
  if (window->out[0] > 1 || window->size[0] > 1) return refuse("the windows have three axes");
  return {[window](const KernelCall& call) {
            call.pool.run(window->batch, [&](int64_t image, int) { run_image(*window, image, call); });
          },
          0,
          {}};
}

}  // namespace

const KernelDef kernel_max_pool_gradient = {
    .name = "max_pool_gradient", .op = "max_pool_gradient", .rank = 10, .prepare = prepare};

}  // namespace cornu::kernels
#endif
