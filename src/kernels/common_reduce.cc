#include <algorithm>
#include <vector>

#include "base/thread_pool.h"
#include "kernels/reduce.h"
#include "kernels/site.h"

namespace cornu::kernels {
namespace {

constexpr int64_t kFloatBytes = sizeof(float);
constexpr int64_t kColumns = 128;     // of a job at least: 512 bytes of each row
constexpr int64_t kChunk = 8 * 1024;  // floats of a job at least, where rows are short

// x as (outer, rows, columns), of which the rows are reduced; columns is 1 if the last axis is reduced.
struct Plan {
  Reduction reduction;
  int64_t outer = 1, rows = 1, columns = 1;

  void run(const KernelCall& call) const;
  void run_rows(const KernelCall& call) const;
  void run_columns(const KernelCall& call) const;
};

// Each output is a row of its own.
void Plan::run_rows(const KernelCall& call) const {
  const int64_t step = std::max<int64_t>(1, kChunk / rows);
  call.pool.run((outer + step - 1) / step, [&](int64_t job, int) {
    for (int64_t i = job * step; i < std::min(outer, (job + 1) * step); i++) {
      reinterpret_cast<float*>(call.out[0])[i] =
          reduce_row(reduction, call.in[0] + i * rows * kFloatBytes, rows);
    }
  });
}

void Plan::run_columns(const KernelCall& call) const {
  const int64_t strips = (columns + kColumns - 1) / kColumns;
  const int64_t step = std::max<int64_t>(1, kChunk / (rows * columns));  // of outer, where there is one strip
  const int64_t groups = (outer + step - 1) / step;
  call.pool.run(groups * strips, [&](int64_t job, int) {
    const int64_t first = job % strips * kColumns;
    const int64_t width = std::min(kColumns, columns - first);
    for (int64_t i = job / strips * step; i < std::min(outer, (job / strips + 1) * step); i++) {
      reduce_rows(reduction, call.in[0] + (i * rows * columns + first) * kFloatBytes, rows,
                  columns * kFloatBytes, width, reinterpret_cast<float*>(call.out[0]) + i * columns + first);
    }
  });
}

void Plan::run(const KernelCall& call) const {
  if (columns == 1) {
    run_rows(call);
  } else {
    run_columns(call);
  }
}

}  // namespace

PreparedKernel prepare_reduce(const KernelSite& site, Reduction reduction) {
  if (std::string why = refuse_other_than_float32(site); !why.empty()) return refuse(why);
  const Shape& x = site.in[0].shape;
  std::vector<bool> reduced(static_cast<size_t>(x.rank()), !site.attrs.has("axes"));
  if (site.attrs.has("axes")) {
    for (int64_t axis : site.attrs.ints("axes"))
      reduced[static_cast<size_t>(normalize_axis(axis, x.rank()))] = true;
  }
  Plan plan = {reduction};
  int phase = 0;  // before, within and after the reduced axes
  for (int axis = 0; axis < x.rank(); axis++) {
    if (x[axis] == 1) continue;  // belongs to either side
    const bool is_reduced = reduced[static_cast<size_t>(axis)];
    if (is_reduced && phase == 2) return refuse("the axes are not neighbours");
    phase = is_reduced ? 1 : phase == 0 ? 0 : 2;
    (phase == 0 ? plan.outer : phase == 1 ? plan.rows : plan.columns) *= x[axis];
  }
  return {[plan](const KernelCall& call) { plan.run(call); }, 0, {}};
}

}  // namespace cornu::kernels
