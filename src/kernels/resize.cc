// resize: x resampled to another size along its spatial axes, by nearest neighbour or (bi-, tri-)linear interpolation. float32.
// A row of y is made in two steps: the weighted sum of the rows of x that it lies between, then the interpolation along the
// row; rows that follow from the same rows of x are copied.
// Input   x (batch, 1 to 3 spatial axes, channels)     Output  y, the same with other spatial sizes
// Attrs   method, half_pixel: ops/resize.cc            Refuses other types, empty arrays, other methods and antialias
// Source  tf.image.resize of TensorFlow 2.21: positions are computed in float, so that ties fall on the same side
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <memory>
#include <vector>

#include "base/thread_pool.h"
#include "kernels/simd_targets.h"
#include "kernels/site.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/resize.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h.
#include "kernels/simd-inl.h"

HWY_BEFORE_NAMESPACE();
namespace cornu::kernels::HWY_NAMESPACE {
namespace {

using D = hn::ScalableTag<float>;
constexpr int64_t kFloatBytes = sizeof(float);
constexpr int64_t kLanes = hn::MaxLanes(D());

// y = a + (b - a) weight.
HWY_INLINE void lerp(const std::byte* a, const std::byte* b, float weight, int64_t count, float* y) {
  const D d;
  const auto w = hn::Set(d, weight);
  int64_t i = 0;
  for (; i + kLanes <= count; i += kLanes) {
    const auto from = load(d, a + i * kFloatBytes);
    hn::StoreU(hn::MulAdd(hn::Sub(load(d, b + i * kFloatBytes), from), w, from), d, y + i);
  }
  for (; i < count; i++) {
    const auto from = load_at<float>(a, i);
    y[i] = from + (load_at<float>(b, i) - from) * weight;
  }
}

}  // namespace

void lerp_rows(const std::byte* a, const std::byte* b, float weight, int64_t count, float* y) {
  lerp(a, b, weight, count, y);
}

// Pixel o of y lies between the pixels below[o] and above[o] of x, with the weight of the latter.
void lerp_pixels(const std::byte* x, const int64_t* below, const int64_t* above, const float* weights,
                 int64_t pixels, int64_t channels, float* y) {
  const int64_t pixel_bytes = channels * kFloatBytes;
  for (int64_t o = 0; o < pixels; o++)
    lerp(x + below[o] * pixel_bytes, x + above[o] * pixel_bytes, weights[o], channels, y + o * channels);
}

}  // namespace cornu::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace cornu::kernels {

extern const KernelDef kernel_resize;

namespace {

HWY_EXPORT(lerp_rows);
HWY_EXPORT(lerp_pixels);

constexpr int64_t kBytes = sizeof(float);
constexpr int64_t kChunk = 8 * 1024;  // floats of a job at least

// The neighbours in x of each place along an axis of y.
struct Axis {
  int64_t in = 1, out = 1;
  std::vector<int64_t> below = {0}, above = {0};
  std::vector<float> weights = {0};  // of `above`

  void fill(bool is_nearest, bool half_pixel);
};

void Axis::fill(bool is_nearest, bool half_pixel) {
  below.clear();
  above.clear();
  weights.clear();
  const float scale = static_cast<float>(in) / static_cast<float>(out);
  const auto inside = [this](float index) {
    return std::clamp<int64_t>(static_cast<int64_t>(index), 0, in - 1);
  };
  for (int64_t o = 0; o < out; o++) {
    const auto place = static_cast<float>(o);
    if (is_nearest) {
      below.push_back(inside(std::floor((place + (half_pixel ? 0.5F : 0.0F)) * scale)));
      above.push_back(below.back());
      weights.push_back(0);
      continue;
    }
    const float position = half_pixel ? (place + 0.5F) * scale - 0.5F : place * scale;
    const float floor = std::floor(position);
    below.push_back(inside(floor));
    above.push_back(inside(std::ceil(position)));
    weights.push_back(position - floor);
  }
}

struct Plan {
  std::array<Axis, 3> axes;  // depth, height, width
  int64_t batch = 1, channels = 1;
  bool is_nearest = true;

  int64_t in_row() const { return axes[2].in * channels; }
  int64_t out_row() const { return axes[2].out * channels; }
  int64_t rows() const { return batch * axes[0].out * axes[1].out; }
  const std::byte* source(const std::byte* x, int64_t item, int64_t depth, int64_t height) const {
    return x + ((item * axes[0].in + depth) * axes[1].in + height) * in_row() * kBytes;
  }
  void run(const KernelCall& call) const;
  void run_row(const std::byte* x, int64_t row, float* y, float* scratch) const;
  void copy_pixels(const std::byte* x, float* y) const;
};

void Plan::copy_pixels(const std::byte* x, float* y) const {
  const std::vector<int64_t>& from = axes[2].below;
  for (size_t o = 0; o < from.size(); o++, y += channels) {
    const std::byte* const pixel = x + from[o] * channels * kBytes;
    if (channels <= 4) {
      for (int64_t c = 0; c < channels; c++) y[c] = load_at<float>(pixel, c);
    } else {
      std::memcpy(y, pixel, static_cast<size_t>(channels * kBytes));
    }
  }
}

void Plan::run_row(const std::byte* x, int64_t row, float* y, float* scratch) const {
  const auto height = static_cast<size_t>(row % axes[1].out);
  const auto depth = static_cast<size_t>(row / axes[1].out % axes[0].out);
  const int64_t item = row / axes[1].out / axes[0].out;
  const auto between = [&](int64_t slice, float* to) {  // rows of one slice
    HWY_DYNAMIC_DISPATCH(lerp_rows)
    (source(x, item, slice, axes[1].below[height]), source(x, item, slice, axes[1].above[height]),
     axes[1].weights[height], in_row(), to);
  };
  const std::byte* from = source(x, item, axes[0].below[depth], axes[1].below[height]);
  if (is_nearest) return copy_pixels(from, y);
  if (axes[1].weights[height] != 0 || axes[0].weights[depth] != 0) {
    between(axes[0].below[depth], scratch);
    from = reinterpret_cast<const std::byte*>(scratch);
  }
  if (axes[0].weights[depth] != 0) {
    float* const other = scratch + in_row();
    between(axes[0].above[depth], other);
    HWY_DYNAMIC_DISPATCH(lerp_rows)
    (from, reinterpret_cast<const std::byte*>(other), axes[0].weights[depth], in_row(), scratch);
  }
  HWY_DYNAMIC_DISPATCH(lerp_pixels)
  (from, axes[2].below.data(), axes[2].above.data(), axes[2].weights.data(), axes[2].out, channels, y);
}

void Plan::run(const KernelCall& call) const {
  auto* const y = reinterpret_cast<float*>(call.out[0]);
  const int64_t step = std::max<int64_t>(1, kChunk / out_row());
  call.pool.run((rows() + step - 1) / step, [&](int64_t job, int thread) {
    float* const scratch = reinterpret_cast<float*>(call.scratch) + thread * 2 * in_row();
    const int64_t end = std::min(rows(), (job + 1) * step);
    for (int64_t row = job * step; row < end; row++) {
      const auto height = static_cast<size_t>(row % axes[1].out);
      const bool repeats =
          is_nearest && row > job * step && height > 0 && axes[1].below[height] == axes[1].below[height - 1];
      if (repeats) {
        std::copy_n(y + (row - 1) * out_row(), out_row(), y + row * out_row());
      } else {
        run_row(call.in[0], row, y + row * out_row(), scratch);
      }
    }
  });
}

PreparedKernel prepare(const KernelSite& site) {
  if (std::string why = refuse_other_than_float32(site); !why.empty()) return refuse(why);
  const std::string method = site.attrs.text("method", "nearest");
  if (method != "nearest" && method != "bilinear")
    return refuse(fmt::format("the method is {}, only nearest and bilinear are handled", method));
  if (site.attrs.flag("antialias")) return refuse("antialias is set");
  if (const std::string fit = site.attrs.text("fit", "stretch"); fit != "stretch")
    return refuse(fmt::format("the fit is {}, only stretch is handled", fit));
  const Shape& x = site.in[0].shape;
  const auto plan = std::make_shared<Plan>();
  plan->batch = x[0];
  plan->channels = x.back();
  plan->is_nearest = method == "nearest";
  const int spatial = x.rank() - 2;
  for (int i = 0; i < spatial; i++) {
    Axis& axis = plan->axes[static_cast<size_t>(i + 3 - spatial)];  // missing axes come first and have size 1
    axis.in = x[i + 1];
    axis.out = site.out[0].shape[i + 1];
    axis.fill(plan->is_nearest, site.attrs.flag("half_pixel", true));
  }
  return {[shared = std::shared_ptr<const Plan>(plan)](const KernelCall& call) { shared->run(call); },
          site.threads * 2 * plan->in_row() * kBytes,
          {}};
}

}  // namespace

const KernelDef kernel_resize = {.name = "resize", .op = "resize", .rank = 10, .prepare = prepare};

}  // namespace cornu::kernels
#endif
