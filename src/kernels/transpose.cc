// transpose: y's axis i is x's axis permutation[i], for elements of 4 bytes whose last axis moves.
// Axes that stay neighbours are merged; what is left are planes, in which the last axis of x and that of y change places.
// They are turned in blocks of 4 x 4, in tiles that stay in cache. Where the last axis stays, the reference copies whole rows.
// Input   x any type of 4 bytes     Attrs  permutation     Refuses other sizes, empty arrays, and a last axis that stays
#include <algorithm>
#include <memory>
#include <vector>

#include "base/thread_pool.h"
#include "kernels/site.h"
#include "kernels/transpose_plane.h"

namespace cornu::kernels {

extern const KernelDef kernel_transpose;

namespace {

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
    transpose_plane(call.in[0] + x * kBytes, row.x_stride, std::min(kTile, row.size - i),
                    std::min(kTile, column.size - j), reinterpret_cast<float*>(call.out[0]) + y,
                    column.y_stride);
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
