// depthwise: conv where each channel is a group of its own with one output channel:
//   y[b, o, c] = epilogue(sum over taps t of x[b, o * stride + t * dilation - padding, c] * w[t, 0, c]).
//   float32.
// Input   x (batch, spatial..., channels), w (window..., 1, channels), the epilogue's inputs
// Output  y (batch, spatial..., channels)
// Refuses other types, empty arrays, other groups, fewer channels than a vector has floats, and windows of
// more than 32 rows.
#include <fmt/format.h>

#include <algorithm>

#include "base/epilogue.h"
#include "base/thread_pool.h"
#include "kernels/activation.h"
#include "kernels/depthwise_tile.h"
#include "kernels/site.h"
#include "kernels/window.h"

namespace cornu::kernels {

extern const KernelDef kernel_depthwise;

namespace {

constexpr int64_t kFloatBytes = sizeof(float);
constexpr int64_t kMaxTapRows = 32;

struct Plan {
  Window window;
  Epilogue epilogue;
  Clamp clamp;
  const DepthwiseTiles* tiles;
  int64_t jobs;

  int64_t rows() const { return window.batch * window.out[0] * window.out[1]; }
  int64_t pixel_bytes() const { return window.channels * kFloatBytes; }
  void run(const KernelCall& call) const;
  void run_row(const KernelCall& call, int64_t row) const;
  void run_tiles(DepthwiseTile tile, const KernelCall& call, int64_t row) const;
};

void Plan::run(const KernelCall& call) const {
  std::fill_n(call.scratch, pixel_bytes(), std::byte{0});
  call.pool.run(jobs, [&](int64_t job, int) {
    for (int64_t row = rows() * job / jobs; row < rows() * (job + 1) / jobs; row++) run_row(call, row);
  });
}

// One row of outputs: finds the rows of taps that lie inside x.
void Plan::run_row(const KernelCall& call, int64_t row) const {
  const int64_t y = row % window.out[1] * window.stride[1] - window.low[1];
  const int64_t z = row / window.out[1] % window.out[0] * window.stride[0] - window.low[0];
  const int64_t image = row / window.out[1] / window.out[0];
  const std::byte* x_rows[kMaxTapRows];
  const std::byte* w_rows[kMaxTapRows];
  DepthwiseTile tile = {};
  for (int64_t tap = 0; tap < window.size[0] * window.size[1]; tap++) {
    const int64_t in_z = z + tap / window.size[1] * window.dilation[0];
    const int64_t in_y = y + tap % window.size[1] * window.dilation[1];
    if (in_z < 0 || in_z >= window.in[0] || in_y < 0 || in_y >= window.in[1]) continue;
    const int64_t in_row = (image * window.in[0] + in_z) * window.in[1] + in_y;
    x_rows[tile.rows] = call.in[0] + in_row * window.in[2] * pixel_bytes();
    w_rows[tile.rows] = call.in[1] + tap * window.size[2] * pixel_bytes();
    tile.rows++;
  }
  tile.x_rows = x_rows;
  tile.w_rows = w_rows;
  run_tiles(tile, call, row);
}

void Plan::run_tiles(DepthwiseTile tile, const KernelCall& call, int64_t row) const {
  const auto input = [&](int i) { return i < 0 ? nullptr : call.in[i]; };
  tile.columns = window.in[2];
  tile.channels = window.channels;
  tile.window = window.size[2];
  tile.stride = window.stride[2];
  tile.dilation = window.dilation[2];
  tile.zeros = call.scratch;
  tile.scale = input(epilogue.scale);
  tile.shift = input(epilogue.shift);
  tile.lo = clamp.lo;
  tile.hi = clamp.hi;
  const int64_t width = window.out[2];
  const int64_t count = (width + tiles->max_tile - 1) / tiles->max_tile;
  float* const y = reinterpret_cast<float*>(call.out[0]) + row * width * window.channels;
  for (int64_t i = 0; i < count; i++) {
    const int64_t begin = width * i / count;
    const int64_t end = width * (i + 1) / count;
    tile.origin = begin * window.stride[2] - window.low[2];
    tile.y = y + begin * window.channels;
    if (epilogue.residual >= 0)
      tile.residual = call.in[epilogue.residual] + (row * width + begin) * pixel_bytes();
    tiles->run[end - begin](tile);
  }
  if (clamp.is_whole) return;
  activate(epilogue.activation, epilogue.a, epilogue.b, reinterpret_cast<const std::byte*>(y), y,
           width * window.channels);
}

PreparedKernel prepare(const KernelSite& site) {
  if (std::string why = refuse_other_than_float32(site); !why.empty()) return refuse(why);
  const Shape& x = site.in[0].shape;
  const Shape& w = site.in[1].shape;
  if (w.rank() < 3 || w.rank() > 5) return refuse("w does not have 3 to 5 axes");
  const int64_t groups = site.attrs.integer("groups", 1);
  if (groups != x.back() || w.back() != groups || w[w.rank() - 2] != 1) {
    return refuse(
        fmt::format("there are {} groups of {} channels in {}, not one of each", groups, x.back(), w.back()));
  }
  Plan plan = {};
  const auto taps = w.dims().first(static_cast<size_t>(w.rank()) - 2);
  if (std::string why = plan.window.parse(x, site.out[0].shape, taps, site.attrs); !why.empty())
    return refuse(why);
  if (plan.window.size[0] * plan.window.size[1] > kMaxTapRows)
    return refuse("the window has more than 32 rows");
  plan.epilogue = Epilogue::parse(site.attrs, 2);
  if (std::string why = refuse_epilogue(site, plan.epilogue); !why.empty()) return refuse(why);
  plan.clamp = Clamp::of(plan.epilogue);
  plan.tiles = &depthwise_tiles();
  if (x.back() < plan.tiles->lanes) {
    return refuse(fmt::format("{} channels are fewer than a vector of {}", x.back(), plan.tiles->lanes));
  }
  plan.jobs = site.threads == 1 ? 1 : std::min<int64_t>(plan.rows(), int64_t{4} * site.threads);
  return {[plan](const KernelCall& call) { plan.run(call); }, plan.pixel_bytes(), {}};
}

}  // namespace

const KernelDef kernel_depthwise = {.name = "depthwise", .op = "conv", .rank = 20, .prepare = prepare};

}  // namespace cornu::kernels
