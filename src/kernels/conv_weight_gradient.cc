// conv_weight_gradient: dw[k, c, f] = sum over pixels of x[moved by tap k, c] * dy[f]. float32.
// Input   x (batch, spatial..., channels), dy (batch, out..., filters)
// Output  dw (kernel..., channels / groups, filters)
// How     a block of pixels is copied as a matrix, one row per pixel with the channels of its taps; the transposed matrix times
//         the block's rows of dy is a product that is added to dw. Jobs divide the rows of dw, or the pixels if there are few
//         rows: then each part has sums of its own, which are added at the end in order. Depthwise: a job is a tap, which is a
//         sum of products element by element.
// Refuses other types, empty arrays, and groups of several channels.
#include <algorithm>
#include <cstring>
#include <map>
#include <memory>

#include "base/thread_pool.h"
#include "kernels/implicit_gemm.h"
#include "kernels/simd_targets.h"
#include "kernels/site.h"
#include "kernels/window.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/conv_weight_gradient.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h.
#include "kernels/simd-inl.h"

HWY_BEFORE_NAMESPACE();
namespace cornu::kernels::HWY_NAMESPACE {

// sums[i] += a[i] * b[i].
void add_products(const float* a, const float* b, float* sums, int64_t count) {
  const hn::ScalableTag<float> d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  int64_t i = 0;
  for (; i + lanes <= count; i += lanes)
    hn::StoreU(hn::MulAdd(hn::LoadU(d, a + i), hn::LoadU(d, b + i), hn::LoadU(d, sums + i)), d, sums + i);
  for (; i < count; i++) sums[i] += a[i] * b[i];
}

}  // namespace cornu::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace cornu::kernels {

extern const KernelDef kernel_conv_weight_gradient;

namespace {

HWY_EXPORT(add_products);

constexpr int64_t kFloatBytes = sizeof(float);
constexpr int64_t kBlockPixels = 384;  // rows of one product: what ImplicitGemm sums in one go
constexpr int64_t kSliceColumns =
    512;  // channels of taps of a job: its copy of a block stays in the second-level cache
constexpr int64_t kFewColumns = 128;  // as many are not worth dividing

int64_t divide_up(int64_t a, int64_t b) {
  return (a + b - 1) / b;
}

int64_t aligned(int64_t bytes) {
  return divide_up(bytes, 64) * 64;
}

// Where each axis of an output pixel's window begins, and which image it is of.
struct Pixel {
  int64_t image;
  Window::Axes first;
};

struct Plan {
  Window window;
  int64_t filters = 1;
  int64_t columns = 1;  // rows of dw: taps * channels
  int64_t pixels = 1;
  int64_t slice_columns = 1, slices = 1;  // of dw's rows
  int64_t parts = 1;                      // of the pixels
  std::map<std::pair<int64_t, int64_t>, std::shared_ptr<const ImplicitGemm>>
      products;  // by pixels and columns
  int64_t patch_bytes = 0, thread_bytes = 0;

  int64_t taps() const { return window.size[0] * window.size[1] * window.size[2]; }
  int64_t part_begin(int64_t part) const {
    return divide_up(pixels, kBlockPixels) * part / parts * kBlockPixels;
  }
  int64_t part_end(int64_t part) const { return std::min(part_begin(part + 1), pixels); }
  int64_t sums_bytes() const { return aligned(columns * filters * kFloatBytes); }
  int64_t scratch_bytes(int threads) const {
    return threads * thread_bytes + (parts > 1 ? parts * sums_bytes() : 0);
  }

  void prepare(int threads);
  void add_product(int64_t rows, int64_t width);
  void run(const KernelCall& call, int threads) const;
  void run_job(const KernelCall& call, int64_t slice, int64_t part, float* dw, std::byte* scratch) const;
  void copy_block(const KernelCall& call, int64_t begin, int64_t end, int64_t column, int64_t width,
                  float* to) const;
  Pixel pixel_at(int64_t index) const;
  // Where the tap of a pixel is in x, in floats; -1 if it lies outside.
  int64_t source(const Pixel& pixel, int64_t tap) const;
};

Pixel Plan::pixel_at(int64_t index) const {
  Pixel pixel{};
  for (size_t axis = 3; axis-- > 0;) {
    pixel.first[axis] = index % window.out[axis] * window.stride[axis] - window.low[axis];
    index /= window.out[axis];
  }
  pixel.image = index;
  return pixel;
}

int64_t Plan::source(const Pixel& pixel, int64_t tap) const {
  int64_t at = 0;
  int64_t rest = taps();
  int64_t index = pixel.image;
  for (size_t axis = 0; axis < 3; axis++) {
    rest /= window.size[axis];
    at = pixel.first[axis] + tap / rest % window.size[axis] * window.dilation[axis];
    if (at < 0 || at >= window.in[axis]) return -1;
    index = index * window.in[axis] + at;
  }
  return index * window.channels;
}

void Plan::add_product(int64_t rows, int64_t width) {
  if (rows <= 0 || width <= 0 || products.contains({rows, width})) return;
  ImplicitGemm::Problem problem;
  problem.window.channels = rows;
  problem.window.in = problem.window.out = {1, 1, width};
  problem.out_channels = filters;
  problem.x_transposed = true;
  problem.epilogue.residual = 2;  // what dw holds so far
  const auto product = std::make_shared<const ImplicitGemm>(problem);
  thread_bytes = std::max(thread_bytes, product->thread_scratch_bytes());
  products[{rows, width}] = product;
}

void Plan::prepare(int threads) {
  columns = taps() * window.channels;
  pixels = window.batch * window.out[0] * window.out[1] * window.out[2];
  slices = columns <= kFewColumns ? 1 : std::max<int64_t>(divide_up(columns, kSliceColumns), threads);
  slice_columns = divide_up(divide_up(columns, slices), 16) * 16;  // so that each slice of dw begins aligned
  slices = divide_up(columns, slice_columns);
  const int64_t blocks = divide_up(pixels, kBlockPixels);
  parts = slices == 1 ? std::min<int64_t>(threads, blocks) : 1;
  for (int64_t rows : {std::min(pixels, kBlockPixels), pixels % kBlockPixels}) {
    add_product(rows, std::min(slice_columns, columns));
    add_product(rows, columns % slice_columns);
  }
  patch_bytes = aligned(kBlockPixels * slice_columns * kFloatBytes);
  thread_bytes = aligned(thread_bytes + patch_bytes);
}

// Columns [column, column + width) of the taps of pixels [begin, end), one row per pixel.
void Plan::copy_block(const KernelCall& call, int64_t begin, int64_t end, int64_t column, int64_t width,
                      float* to) const {
  for (int64_t index = begin; index < end; index++) {
    const Pixel pixel = pixel_at(index);
    for (int64_t at = column; at < column + width;) {
      const int64_t tap = at / window.channels;
      const int64_t channel = at % window.channels;
      const int64_t count = std::min(window.channels - channel, column + width - at);
      const int64_t from = source(pixel, tap);
      if (from < 0) {
        std::fill_n(to, count, 0.0F);
      } else {
        std::memcpy(to, call.in[0] + (from + channel) * kFloatBytes,
                    static_cast<size_t>(count * kFloatBytes));
      }
      to += count;
      at += count;
    }
  }
}

void Plan::run_job(const KernelCall& call, int64_t slice, int64_t part, float* dw, std::byte* scratch) const {
  const int64_t column = slice * slice_columns;
  const int64_t width = std::min(slice_columns, columns - column);
  float* const y = dw + column * filters;
  auto* const patch = reinterpret_cast<float*>(scratch);
  std::fill_n(y, width * filters, 0.0F);
  for (int64_t begin = part_begin(part); begin < part_end(part); begin += kBlockPixels) {
    const int64_t rows = std::min(kBlockPixels, pixels - begin);
    copy_block(call, begin, begin + rows, column, width, patch);
    const ImplicitGemm& product = *products.at({rows, width});
    const ImplicitGemm::Operands operands = {.x = scratch,
                                             .w = call.in[1] + begin * filters * kFloatBytes,
                                             .residual = reinterpret_cast<const std::byte*>(y),
                                             .y = y};
    for (int64_t i = 0; i < product.jobs(); i++) product.run(operands, i, scratch + patch_bytes);
  }
}

void Plan::run(const KernelCall& call, int threads) const {
  auto* const dw = reinterpret_cast<float*>(call.out[0]);
  std::byte* const sums = call.scratch + threads * thread_bytes;
  call.pool.run(slices * parts, [&](int64_t job, int thread) {
    float* const to = parts > 1 ? reinterpret_cast<float*>(sums + job * sums_bytes()) : dw;
    run_job(call, parts > 1 ? 0 : job, parts > 1 ? job : 0, to, call.scratch + thread * thread_bytes);
  });
  if (parts == 1) return;
  std::fill_n(dw, columns * filters, 0.0F);
  for (int64_t part = 0; part < parts; part++) {
    const auto* const from = reinterpret_cast<const float*>(sums + part * sums_bytes());
    for (int64_t i = 0; i < columns * filters; i++) dw[i] += from[i];
  }
}

// One channel for each group: dw[tap, 0, f] sums x[f / multiplier] * dy[f].
void run_depthwise(const Plan& plan, const KernelCall& call) {
  const int64_t multiplier = plan.filters / plan.window.channels;
  call.pool.run(plan.taps(), [&](int64_t tap, int thread) {
    float* const dw = reinterpret_cast<float*>(call.out[0]) + tap * plan.filters;
    auto* const row = reinterpret_cast<float*>(call.scratch + thread * aligned(plan.filters * kFloatBytes));
    std::fill_n(dw, plan.filters, 0.0F);
    for (int64_t i = 0; i < plan.pixels; i++) {
      const int64_t from = plan.source(plan.pixel_at(i), tap);
      if (from < 0) continue;
      const auto* x = reinterpret_cast<const float*>(call.in[0]) + from;
      if (multiplier > 1) {
        for (int64_t f = 0; f < plan.filters; f++) row[f] = x[f / multiplier];
        x = row;
      }
      HWY_DYNAMIC_DISPATCH(add_products)
      (x, reinterpret_cast<const float*>(call.in[1]) + i * plan.filters, dw, plan.filters);
    }
  });
}

PreparedKernel prepare(const KernelSite& site) {
  if (std::string why = refuse_other_than_float32(site); !why.empty()) return refuse(why);
  const Shape& x = site.in[0].shape;
  const Shape& dy = site.in[1].shape;
  const int64_t groups = site.attrs.integer("groups", 1);
  if (groups != 1 && groups != x.back()) return refuse("groups have several channels");
  auto plan = std::make_shared<Plan>();
  if (std::string why = plan->window.parse(x, dy, site.attrs.ints("kernel"), site.attrs); !why.empty())
    return refuse(why);
  plan->filters = dy.back();
  plan->pixels = dy.elements(0, dy.rank() - 1);
  if (groups != 1) {
    return {[plan](const KernelCall& call) { run_depthwise(*plan, call); },
            site.threads * aligned(plan->filters * kFloatBytes),
            {}};
  }
  plan->prepare(site.threads);
  return {[plan, threads = site.threads](const KernelCall& call) { plan->run(call, threads); },
          plan->scratch_bytes(site.threads),
          {}};
}

}  // namespace

const KernelDef kernel_conv_weight_gradient = {
    .name = "conv_weight_gradient", .op = "conv_weight_gradient", .rank = 10, .prepare = prepare};

}  // namespace cornu::kernels
#endif
