// transpose: y's axis i is x's axis permutation[i], for elements of 4 bytes whose last axis moves.
// Axes that stay neighbours are merged; what is left are planes, in which the last axis of x and that of y change places.
// They are turned in blocks of 4 x 4, in tiles that stay in cache. Where the last axis stays, the reference copies whole rows.
// Input   x any type of 4 bytes     Attrs  permutation     Refuses other sizes, empty arrays, and a last axis that stays
#include <algorithm>
#include <cstring>
#include <memory>
#include <vector>

#include "base/thread_pool.h"
#include "kernels/simd_targets.h"
#include "kernels/site.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/transpose.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h.
#include "kernels/simd-inl.h"

HWY_BEFORE_NAMESPACE();
namespace cornu::kernels::HWY_NAMESPACE {
namespace {

constexpr int64_t kFloatBytes = sizeof(float);

#if HWY_TARGET != HWY_SCALAR
// y[j][i] = x[i][j] for i, j in [0, 4); rows are x_row and y_row floats apart.
HWY_INLINE void turn_block(const std::byte* x, int64_t x_row, float* y, int64_t y_row) {
  const hn::FixedTag<float, 4> d;
  const hn::FixedTag<double, 2> pairs;
  const auto a = load(d, x);
  const auto b = load(d, x + x_row * kFloatBytes);
  const auto c = load(d, x + 2 * x_row * kFloatBytes);
  const auto e = load(d, x + 3 * x_row * kFloatBytes);
  const auto ab_low = hn::BitCast(pairs, hn::InterleaveLower(d, a, b));  // a0 b0 a1 b1
  const auto ab_high = hn::BitCast(pairs, hn::InterleaveUpper(d, a, b));
  const auto ce_low = hn::BitCast(pairs, hn::InterleaveLower(d, c, e));
  const auto ce_high = hn::BitCast(pairs, hn::InterleaveUpper(d, c, e));
  hn::StoreU(hn::BitCast(d, hn::InterleaveLower(pairs, ab_low, ce_low)), d, y);
  hn::StoreU(hn::BitCast(d, hn::InterleaveUpper(pairs, ab_low, ce_low)), d, y + y_row);
  hn::StoreU(hn::BitCast(d, hn::InterleaveLower(pairs, ab_high, ce_high)), d, y + 2 * y_row);
  hn::StoreU(hn::BitCast(d, hn::InterleaveUpper(pairs, ab_high, ce_high)), d, y + 3 * y_row);
}
#else
HWY_INLINE void turn_block(const std::byte* x, int64_t x_row, float* y, int64_t y_row) {
  for (int64_t i = 0; i < 4; i++) {
    for (int64_t j = 0; j < 4; j++)
      std::memcpy(y + j * y_row + i, x + (i * x_row + j) * kFloatBytes, sizeof(float));
  }
}
#endif

}  // namespace

// y[j][i] = x[i][j] for i in [0, rows), j in [0, columns).
void turn_tile(const std::byte* x, int64_t x_row, int64_t rows, int64_t columns, float* y, int64_t y_row) {
  const int64_t whole_rows = rows / 4 * 4;
  const int64_t whole_columns = columns / 4 * 4;
  for (int64_t i = 0; i < whole_rows; i += 4) {
    for (int64_t j = 0; j < whole_columns; j += 4)
      turn_block(x + (i * x_row + j) * kFloatBytes, x_row, y + j * y_row + i, y_row);
  }
  for (int64_t i = 0; i < rows; i++) {
    for (int64_t j = i < whole_rows ? whole_columns : 0; j < columns; j++)
      std::memcpy(y + j * y_row + i, x + (i * x_row + j) * kFloatBytes, sizeof(float));
  }
}

}  // namespace cornu::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace cornu::kernels {

extern const KernelDef kernel_transpose;

namespace {

HWY_EXPORT(turn_tile);

constexpr int64_t kBytes = sizeof(float);
constexpr int64_t kTile = 64;  // rows and columns of a tile: 16 kB read and written

struct Axis {
  int64_t size, x_stride, y_stride;  // in elements
};

struct Plan {
  std::vector<Axis> outer;  // in the order of y
  Axis row, column;         // contiguous in y; contiguous in x
  int64_t planes = 1, row_tiles = 1, column_tiles = 1;

  void run(const KernelCall& call) const;
};

void Plan::run(const KernelCall& call) const {
  const int64_t tiles = row_tiles * column_tiles;
  call.pool.run(planes * tiles, [&](int64_t job, int) {
    int64_t x = 0, y = 0, plane = job / tiles;
    for (size_t i = outer.size(); i-- > 0;) {
      x += plane % outer[i].size * outer[i].x_stride;
      y += plane % outer[i].size * outer[i].y_stride;
      plane /= outer[i].size;
    }
    const int64_t i = job % tiles / column_tiles * kTile;
    const int64_t j = job % column_tiles * kTile;
    x += i * row.x_stride + j;
    y += i + j * column.y_stride;
    HWY_DYNAMIC_DISPATCH(turn_tile)
    (call.in[0] + x * kBytes, row.x_stride, std::min(kTile, row.size - i), std::min(kTile, column.size - j),
     reinterpret_cast<float*>(call.out[0]) + y, column.y_stride);
  });
}

PreparedKernel prepare(const KernelSite& site) {
  if (dtype_size(site.in[0].dtype) != kBytes) return refuse("the elements do not have 4 bytes");
  const Shape& x = site.in[0].shape;
  if (x.elements() == 0) return refuse("x is empty");
  // The axes of y from the last to the first, neighbours of x merged.
  std::vector<Axis> axes;
  int64_t y_stride = 1;
  const Ints& permutation = site.attrs.ints("permutation");
  for (int i = x.rank() - 1; i >= 0; i--) {
    const int axis = normalize_axis(permutation[static_cast<size_t>(i)], x.rank());
    const Axis next = {x[axis], x.elements(axis + 1, x.rank()), y_stride};
    y_stride *= next.size;
    if (next.size == 1) continue;
    if (!axes.empty() && axes.back().x_stride * axes.back().size == next.x_stride) {
      axes.back().size *= next.size;
    } else {
      axes.push_back(next);
    }
  }
  if (axes.empty() || axes[0].x_stride == 1) return refuse("the last axis stays");
  const auto plan = std::make_shared<Plan>();
  plan->row = axes[0];
  for (size_t i = axes.size(); i-- > 1;) {
    if (axes[i].x_stride == 1) {
      plan->column = axes[i];
    } else {
      plan->outer.push_back(axes[i]);
      plan->planes *= axes[i].size;
    }
  }
  plan->row_tiles = (plan->row.size + kTile - 1) / kTile;
  plan->column_tiles = (plan->column.size + kTile - 1) / kTile;
  return {[shared = std::shared_ptr<const Plan>(plan)](const KernelCall& call) { shared->run(call); }, 0, {}};
}

}  // namespace

const KernelDef kernel_transpose = {.name = "transpose", .op = "transpose", .rank = 10, .prepare = prepare};

}  // namespace cornu::kernels
#endif
