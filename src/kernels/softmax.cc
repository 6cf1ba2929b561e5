// softmax: y[..., n] = exp(x[..., n] - m) / sum over n of exp(x[..., n] - m), m the largest of x[..., :]. float32.
// Refuses other types, empty arrays and another axis than the last.
#include <fmt/format.h>

#include <algorithm>

#include "base/thread_pool.h"
#include "kernels/rows.h"
#include "kernels/site.h"

namespace cornu::kernels {

extern const KernelDef kernel_softmax;

namespace {

constexpr int64_t kChunk = 4 * 1024;  // floats of a job at least

PreparedKernel prepare(const KernelSite& site) {
  if (std::string why = refuse_other_than_float32(site); !why.empty()) return refuse(why);
  const Shape& x = site.in[0].shape;
  const int64_t axis = site.attrs.integer("axis", -1);
  if (x.rank() == 0 || (axis != -1 && axis != x.rank() - 1))
    return refuse(fmt::format("axis {} is not the last", axis));
  const int64_t columns = x.back();
  const int64_t rows = x.elements() / columns;
  const int64_t step = std::max<int64_t>(1, kChunk / columns);
  const auto run = [rows, columns, step](const KernelCall& call) {
    call.pool.run((rows + step - 1) / step, [&](int64_t job, int) {
      for (int64_t row = job * step; row < std::min(rows, (job + 1) * step); row++) {
        const int64_t offset = row * columns;
        softmax_row(call.in[0] + offset * static_cast<int64_t>(sizeof(float)),
                    reinterpret_cast<float*>(call.out[0]) + offset, columns);
      }
    });
  };
  return {run, 0, {}};
}

}  // namespace

const KernelDef kernel_softmax = {.name = "softmax", .op = "softmax", .rank = 10, .prepare = prepare};

}  // namespace cornu::kernels
