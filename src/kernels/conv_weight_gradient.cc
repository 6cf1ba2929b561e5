// conv_weight_gradient: dw[k, c, f] = sum over pixels of x[moved by tap k, c] * dy[f]. float32.
// Input   x (batch, spatial..., channels), dy (batch, out..., filters)
// Output  dw (kernel..., channels / groups, filters)
// How     a block of pixels is copied as a matrix, one row per pixel with the channels of its taps; the transposed matrix times
//         the block's rows of dy is a product that is added to dw. Jobs divide the rows of dw, and the pixels if there are few
//         rows: then each part has sums of its own, which are added at the end in order. Depthwise: a job is a tap, which is a
//         sum of products element by element.
// Refuses other types, empty arrays, and groups of several channels.
#include <algorithm>
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
constexpr int64_t kBlockPixels =
    192;  // rows of one product: two copies of them stay in the second-level cache
constexpr int64_t kSliceColumns =
    512;  // channels of taps of a job: its copy of a block stays in the second-level cache
constexpr int64_t kFewColumns = 128;  // as many are not worth dividing

int64_t divide_up(int64_t a, int64_t b) {
  return (a + b - 1) / b;
}

int64_t aligned(int64_t bytes) {
  return divide_up(bytes, 64) * 64;
}

struct Plan {
  Window window;
  int64_t filters = 1;
  int64_t columns = 1;  // rows of dw: taps * channels
  int64_t pixels = 1;
  int64_t run = 1;  // neighbours in x of one pixel: channels of a tap, or of all taps along the width
  int64_t slice_columns = 1, slices = 1;  // of dw's rows
  int64_t parts = 1;                      // of the pixels, if there are too few slices
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
  void run_all(const KernelCall& call, int threads) const;
  void run_job(const KernelCall& call, int64_t slice, int64_t part, float* dw, std::byte* scratch) const;
  void copy_block(const KernelCall& call, int64_t begin, int64_t end, int64_t column, int64_t width,
                  float* to) const;
  void copy_pixel(const float* x, int64_t index, int64_t column, int64_t width, float* to) const;
};

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
  run = window.dilation[2] == 1 ? window.size[2] * window.channels : window.channels;
  slices = divide_up(columns, kSliceColumns);
  slice_columns = divide_up(divide_up(columns, slices), 16) * 16;  // so that each slice of dw begins aligned
  slices = divide_up(columns, slice_columns);
  parts = std::clamp<int64_t>(divide_up(threads, slices), 1, divide_up(pixels, kBlockPixels));
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
  const auto* const x = reinterpret_cast<const float*>(call.in[0]);
  for (int64_t index = begin; index < end; index++)
    copy_pixel(x, index, column, width, to + (index - begin) * width);
}

void Plan::copy_pixel(const float* x, int64_t index, int64_t column, int64_t width, float* to) const {
  Window::Axes first;  // of the pixel's window, along each axis
  for (size_t axis = 3; axis-- > 0;) {
    first[axis] = index % window.out[axis] * window.stride[axis] - window.low[axis];
    index /= window.out[axis];
  }
  const int64_t taps_of_run = run / window.channels;
  for (int64_t at = column; at < column + width;) {
    const int64_t begin = at % run;
    const int64_t count = std::min(run - begin, column + width - at);
    const int64_t tap = at / run * taps_of_run;  // the first of the run
    const int64_t z = first[0] + tap / (window.size[2] * window.size[1]) * window.dilation[0];
    const int64_t y = first[1] + tap / window.size[2] % window.size[1] * window.dilation[1];
    const int64_t v = first[2] + tap % window.size[2] * window.dilation[2];
    at += count;
    if (z < 0 || z >= window.in[0] || y < 0 || y >= window.in[1]) {
      to = std::fill_n(to, count, 0.0F);
      continue;
    }
    // Of the row of x that the run lies in, some elements may be outside at either end.
    const float* const row =
        x + ((index * window.in[0] + z) * window.in[1] + y) * window.in[2] * window.channels;
    const int64_t from = v * window.channels + begin;
    const int64_t left = std::clamp<int64_t>(-from, 0, count);
    const int64_t right = std::clamp<int64_t>(window.in[2] * window.channels - from, left, count);
    to = std::fill_n(to, left, 0.0F);
    to = std::copy(row + from + left, row + from + right, to);
    to = std::fill_n(to, count - right, 0.0F);
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

void Plan::run_all(const KernelCall& call, int threads) const {
  auto* const dw = reinterpret_cast<float*>(call.out[0]);
  std::byte* const sums = call.scratch + threads * thread_bytes;
  call.pool.run(slices * parts, [&](int64_t job, int thread) {
    const int64_t part = job % parts;
    float* const to = parts > 1 ? reinterpret_cast<float*>(sums + part * sums_bytes()) : dw;
    run_job(call, job / parts, part, to, call.scratch + thread * thread_bytes);
  });
  if (parts == 1) return;
  std::fill_n(dw, columns * filters, 0.0F);
  for (int64_t part = 0; part < parts; part++) {
    const auto* const from = reinterpret_cast<const float*>(sums + part * sums_bytes());
    for (int64_t i = 0; i < columns * filters; i++) dw[i] += from[i];
  }
}

// One channel for each group: dw[tap, 0, f] sums x[f / multiplier] * dy[f].
void run_depthwise(const Plan& plan, int64_t tap, const KernelCall& call, float* row) {
  const Window& window = plan.window;
  const int64_t multiplier = plan.filters / window.channels;
  const int64_t kw = tap % window.size[2];
  const int64_t kh = tap / window.size[2] % window.size[1];
  const int64_t kd = tap / (window.size[2] * window.size[1]);
  const auto [d_begin, d_end] = window.covered(0, kd);
  const auto [h_begin, h_end] = window.covered(1, kh);
  const auto [w_begin, w_end] = window.covered(2, kw);
  float* const dw = reinterpret_cast<float*>(call.out[0]) + tap * plan.filters;
  std::fill_n(dw, plan.filters, 0.0F);
  const auto source = [&](int axis, int64_t out, int64_t k) {
    const size_t i = Window::at(axis);
    return out * window.stride[i] - window.low[i] + k * window.dilation[i];
  };
  for (int64_t slice = 0; slice < window.batch * (d_end - d_begin) * (h_end - h_begin); slice++) {
    const int64_t oh = h_begin + slice % (h_end - h_begin);
    const int64_t od = d_begin + slice / (h_end - h_begin) % (d_end - d_begin);
    const int64_t image = slice / ((h_end - h_begin) * (d_end - d_begin));
    const int64_t row_in = (image * window.in[0] + source(0, od, kd)) * window.in[1] + source(1, oh, kh);
    const int64_t row_out = (image * window.out[0] + od) * window.out[1] + oh;
    for (int64_t ow = w_begin; ow < w_end; ow++) {
      const auto* x = reinterpret_cast<const float*>(call.in[0]) +
                      (row_in * window.in[2] + source(2, ow, kw)) * window.channels;
      if (multiplier > 1) {
        for (int64_t f = 0; f < plan.filters; f++) row[f] = x[f / multiplier];
        x = row;
      }
      const auto* const dy =
          reinterpret_cast<const float*>(call.in[1]) + (row_out * window.out[2] + ow) * plan.filters;
      HWY_DYNAMIC_DISPATCH(add_products)(x, dy, dw, plan.filters);
    }
  }
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
    const int64_t row_bytes = aligned(plan->filters * kFloatBytes);
    return {[plan, row_bytes](const KernelCall& call) {
              call.pool.run(plan->taps(), [&](int64_t tap, int thread) {
                run_depthwise(*plan, tap, call, reinterpret_cast<float*>(call.scratch + thread * row_bytes));
              });
            },
            site.threads * row_bytes,
            {}};
  }
  plan->prepare(site.threads);
  return {[plan, threads = site.threads](const KernelCall& call) { plan->run_all(call, threads); },
          plan->scratch_bytes(site.threads),
          {}};
}

}  // namespace

const KernelDef kernel_conv_weight_gradient = {
    .name = "conv_weight_gradient", .op = "conv_weight_gradient", .rank = 10, .prepare = prepare};

}  // namespace cornu::kernels
#endif
