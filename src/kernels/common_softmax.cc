#include <fmt/format.h>

#include <algorithm>

#include "base/thread_pool.h"
#include "kernels/rows.h"
#include "kernels/site.h"

namespace cornu::kernels {
namespace {

constexpr int64_t kChunk = 4 * 1024;  // floats of a job at least

}  // namespace

PreparedKernel prepare_softmax(const KernelSite& site, bool is_log) {
  if (std::string why = refuse_other_than_float32(site); !why.empty()) return refuse(why);
  const Shape& x = site.in[0].shape;
  const int64_t axis = site.attrs.integer("axis", -1);
  if (x.rank() == 0 || (axis != -1 && axis != x.rank() - 1))
    return refuse(fmt::format("axis {} is not the last", axis));
  const int64_t columns = x.back();
  const int64_t rows = x.elements() / columns;
  const int64_t step = std::max<int64_t>(1, kChunk / columns);
  const auto run = [rows, columns, step, is_log](const KernelCall& call) {
    call.pool.run((rows + step - 1) / step, [&](int64_t job, int) {
      const int64_t offset = job * step * columns;
      softmax_rows(call.in[0] + offset * static_cast<int64_t>(sizeof(float)),
                   std::min(step, rows - job * step), columns, is_log,
                   reinterpret_cast<float*>(call.out[0]) + offset);
    });
  };
  return {run, 0, {}};
}

}  // namespace cornu::kernels
