// conv_transpose: y[b, i * stride + k * dilation - low, f] += x[b, i, c] * w[k, f, c] for every i, k that land inside y,
// then the epilogue. float32.
// Input   x (batch, spatial..., channels), w (window..., filters, channels), the epilogue's inputs
// Output  y (batch, out..., filters)
// How     y is divided into blocks of rows. A row of taps maps consecutive rows of x to rows of a block; their product with
//         the row's weights, (pixels, channels) x (columns of taps * filters, channels) transposed, is one matrix product
//         in place, whose columns are then added where they belong. Each product is computed once.
// Refuses other types and empty arrays.
#include <algorithm>
#include <cstring>
#include <map>
#include <memory>

#include "base/epilogue.h"
#include "base/thread_pool.h"
#include "kernels/activation.h"
#include "kernels/implicit_gemm.h"
#include "kernels/simd_targets.h"
#include "kernels/site.h"
#include "kernels/window.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/conv_transpose.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h.
#include "kernels/simd-inl.h"

HWY_BEFORE_NAMESPACE();
namespace cornu::kernels::HWY_NAMESPACE {

// y[i] += x[i].
void add_run(const float* x, float* y, int64_t count) {
  const hn::ScalableTag<float> d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  int64_t i = 0;
  for (; i + lanes <= count; i += lanes)
    hn::StoreU(hn::Add(hn::LoadU(d, x + i), hn::LoadU(d, y + i)), d, y + i);
  for (; i < count; i++) y[i] += x[i];
}

}  // namespace cornu::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace cornu::kernels {

extern const KernelDef kernel_conv_transpose;

namespace {

HWY_EXPORT(add_run);

constexpr int64_t kFloatBytes = sizeof(float);
constexpr int64_t kProductBytes =
    256 * 1024;  // of the products of one row of taps: stays in cache until it is added

int64_t divide_up(int64_t a, int64_t b) {
  return (a + b - 1) / b;
}

struct Plan {
  Window window;  // of the convolution that leads from y (its `in`) to x (its `out`)
  Epilogue epilogue;
  int64_t channels = 1;      // of x; the window's are y's
  int64_t rows_per_job = 1;  // of y
  int64_t jobs_per_slice = 1;
  std::map<int64_t, std::shared_ptr<const ImplicitGemm>> products;  // by rows of x
  int64_t product_bytes = 0, thread_bytes = 0;

  void plan_jobs(int threads);
  int64_t jobs() const { return window.batch * window.in[0] * jobs_per_slice; }
  void run_job(const KernelCall& call, int64_t job, std::byte* scratch) const;
  void add_tap_row(const KernelCall& call, const std::byte* x, int64_t tap_row, int64_t x_rows,
                   int64_t first_row, float* y, std::byte* scratch) const;
  void finish(const KernelCall& call, int64_t first_pixel, int64_t pixels) const;
  // The rows of x [first, second) that tap row `tap` maps into rows [begin, end) of y, along an axis.
  std::pair<int64_t, int64_t> sources(int axis, int64_t tap, int64_t begin, int64_t end) const;
};

void Plan::plan_jobs(int threads) {
  const int64_t row_bytes = window.out[2] * window.size[2] * window.channels * kFloatBytes;
  const int64_t most = std::clamp<int64_t>(kProductBytes / row_bytes, 1, window.out[1]);
  const int64_t slices = window.batch * window.in[0];
  int64_t blocks = divide_up(window.out[1], most);
  if (threads > 1) blocks = std::max(blocks, divide_up(int64_t{4} * threads, slices));
  rows_per_job = divide_up(divide_up(window.in[1], std::min(blocks, window.out[1])), window.stride[1]) *
                 window.stride[1];
  jobs_per_slice = divide_up(window.in[1], rows_per_job);
  for (int64_t begin = 0; begin < window.in[1]; begin += rows_per_job) {
    for (int64_t tap = 0; tap < window.size[1]; tap++) {
      const auto [first, last] = sources(1, tap, begin, std::min(begin + rows_per_job, window.in[1]));
      const int64_t rows = last - first;
      if (rows <= 0 || products.contains(rows)) continue;
      ImplicitGemm::Problem problem;
      problem.window.channels = channels;
      problem.window.in = problem.window.out = {1, 1, rows * window.out[2]};
      problem.out_channels = window.size[2] * window.channels;
      problem.w_transposed = true;
      products[rows] = std::make_shared<const ImplicitGemm>(problem);
      product_bytes = std::max(product_bytes, divide_up(rows * row_bytes, 64) * 64);
      thread_bytes = std::max(thread_bytes, products[rows]->thread_scratch_bytes());
    }
  }
  thread_bytes += product_bytes;
}

std::pair<int64_t, int64_t> Plan::sources(int axis, int64_t tap, int64_t begin, int64_t end) const {
  const size_t i = Window::at(axis);
  const int64_t shift = window.low[i] - tap * window.dilation[i];  // row of y = row of x * stride - shift
  const auto first_at = [&](int64_t row) {
    return std::clamp<int64_t>(row + shift <= 0 ? 0 : divide_up(row + shift, window.stride[i]), 0,
                               window.out[i]);
  };
  return {first_at(begin), first_at(end)};
}

void Plan::run_job(const KernelCall& call, int64_t job, std::byte* scratch) const {
  const int64_t slice = job / jobs_per_slice;
  const int64_t image = slice / window.in[0];
  const int64_t depth = slice % window.in[0];
  const int64_t begin = job % jobs_per_slice * rows_per_job;
  const int64_t end = std::min(begin + rows_per_job, window.in[1]);
  const int64_t first_pixel = (slice * window.in[1] + begin) * window.in[2];
  const int64_t pixels = (end - begin) * window.in[2];
  float* const y = reinterpret_cast<float*>(call.out[0]) + first_pixel * window.channels;
  std::fill_n(y, pixels * window.channels, 0.0F);
  for (int64_t tap = 0; tap < window.size[0] * window.size[1]; tap++) {
    const int64_t tap_y = tap % window.size[1];
    const auto [x_slice, slice_end] = sources(0, tap / window.size[1], depth, depth + 1);
    const auto [x_row, row_end] = sources(1, tap_y, begin, end);
    if (x_slice >= slice_end || x_row >= row_end) continue;
    const int64_t from =
        (((image * window.out[0] + x_slice) * window.out[1] + x_row) * window.out[2]) * channels;
    const int64_t first_row = x_row * window.stride[1] + tap_y * window.dilation[1] - window.low[1] - begin;
    add_tap_row(call, call.in[0] + from * kFloatBytes, tap, row_end - x_row, first_row, y, scratch);
  }
  finish(call, first_pixel, pixels);
}

// Adds x_rows rows of x, seen through one row of taps, to every stride-th row of y from first_row on.
void Plan::add_tap_row(const KernelCall& call, const std::byte* x, int64_t tap_row, int64_t x_rows,
                       int64_t first_row, float* y, std::byte* scratch) const {
  const int64_t filters = window.channels;
  const int64_t columns = window.size[2] * filters;
  auto* const sums = reinterpret_cast<float*>(scratch);
  const ImplicitGemm& product = *products.at(x_rows);
  const std::byte* const w = call.in[1] + tap_row * columns * channels * kFloatBytes;
  for (int64_t i = 0; i < product.jobs(); i++)
    product.run({.x = x, .w = w, .y = sums}, i, scratch + product_bytes);
  const auto add = [](const float* from, float* to, int64_t count) {
    HWY_DYNAMIC_DISPATCH(add_run)(from, to, count);
  };
  for (int64_t row = 0; row < x_rows; row++) {
    float* const to = y + (first_row + row * window.stride[1]) * window.in[2] * filters;
    for (int64_t i = 0; i < window.out[2]; i++) {
      const float* const from = sums + (row * window.out[2] + i) * columns;
      const int64_t column = i * window.stride[2] - window.low[2];
      if (window.dilation[2] == 1 && column >= 0 && column + window.size[2] <= window.in[2]) {
        add(from, to + column * filters, columns);
        continue;
      }
      for (int64_t k = 0; k < window.size[2]; k++) {
        const int64_t target = column + k * window.dilation[2];
        if (target >= 0 && target < window.in[2]) add(from + k * filters, to + target * filters, filters);
      }
    }
  }
}

void Plan::finish(const KernelCall& call, int64_t first_pixel, int64_t pixels) const {
  const int64_t filters = window.channels;
  float* const y = reinterpret_cast<float*>(call.out[0]) + first_pixel * filters;
  const auto value = [&](int input, int64_t i, float absent) {
    return input < 0 ? absent : load_at<float>(call.in[input], i);
  };
  if (epilogue.inputs() > 0) {
    for (int64_t i = 0; i < pixels * filters; i++) {
      const int64_t f = i % filters;
      y[i] = y[i] * value(epilogue.scale, f, 1) + value(epilogue.shift, f, 0) +
             value(epilogue.residual, first_pixel * filters + i, 0);
    }
  }
  if (epilogue.activation == Activation::none) return;
  activate(epilogue.activation, epilogue.a, epilogue.b, reinterpret_cast<const std::byte*>(y), y,
           pixels * filters);
}

PreparedKernel prepare(const KernelSite& site) {
  if (std::string why = refuse_other_than_float32(site); !why.empty()) return refuse(why);
  const Shape& x = site.in[0].shape;
  const Shape& w = site.in[1].shape;
  if (w.rank() < 3 || w.rank() > 5) return refuse("w does not have 3 to 5 axes");
  auto plan = std::make_shared<Plan>();
  const auto taps = w.dims().first(static_cast<size_t>(w.rank()) - 2);
  if (std::string why = plan->window.parse(site.out[0].shape, x, taps, site.attrs); !why.empty())
    return refuse(why);
  plan->channels = x.back();
  if (w.back() != x.back() || w[w.rank() - 2] != site.out[0].shape.back())
    return refuse("the channels of x, w and y do not fit each other");
  plan->epilogue = Epilogue::parse(site.attrs, 2);
  if (std::string why = refuse_epilogue(site, plan->epilogue); !why.empty()) return refuse(why);
  plan->plan_jobs(site.threads);
  const auto run = [plan](const KernelCall& call) {
    call.pool.run(plan->jobs(), [&](int64_t job, int thread) {
      plan->run_job(call, job, call.scratch + thread * plan->thread_bytes);
    });
  };
  return {run, site.threads * plan->thread_bytes, {}};
}

}  // namespace

const KernelDef kernel_conv_transpose = {
    .name = "conv_transpose", .op = "conv_transpose", .rank = 10, .prepare = prepare};

}  // namespace cornu::kernels
#endif
