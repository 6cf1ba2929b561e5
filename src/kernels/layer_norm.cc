// layer_norm: y = (x - mean) / sqrt(variance + epsilon) * gamma + beta, mean and variance over the last axes. float32.
// Refuses other types, empty arrays, axes that are not the last ones, and gamma or beta of another shape than these axes.
#include <fmt/format.h>

#include <algorithm>

#include "base/thread_pool.h"
#include "kernels/rows.h"
#include "kernels/site.h"

namespace cornu::kernels {

extern const KernelDef kernel_layer_norm;

namespace {

constexpr int64_t kChunk = 8 * 1024;  // floats of a job at least

// How many axes at the end of x the attribute names; 0 if it names others.
int last_axes(const Ints& axes, int rank) {
  Ints sorted;
  for (int64_t axis : axes) sorted.push_back(axis < 0 ? axis + rank : axis);
  std::sort(sorted.begin(), sorted.end());
  const auto count = static_cast<int>(sorted.size());
  for (int i = 0; i < count; i++) {
    if (sorted[static_cast<size_t>(i)] != rank - count + i) return 0;
  }
  return count;
}

PreparedKernel prepare(const KernelSite& site) {
  if (std::string why = refuse_other_than_float32(site); !why.empty()) return refuse(why);
  const Shape& x = site.in[0].shape;
  const int count = last_axes(site.attrs.ints("axes"), x.rank());
  if (count == 0) return refuse("axes are not the last ones");
  const int64_t columns = x.elements(x.rank() - count, x.rank());
  const int64_t rows = x.elements() / columns;
  const int gamma = site.attrs.flag("has_gamma") ? 1 : -1;
  const int beta = site.attrs.flag("has_beta") ? (gamma > 0 ? 2 : 1) : -1;
  for (size_t i = 1; i < site.in.size(); i++) {
    const Shape& shape = site.in[i].shape;
    bool fits = shape.rank() <= x.rank() && shape.elements() == columns;
    for (int back = 1; fits && back <= std::min(count, shape.rank()); back++) {
      fits = shape[shape.rank() - back] == x[x.rank() - back];
    }
    if (!fits)
      return refuse(fmt::format("input {} has shape {}, not that of the axes", i, shape.to_string()));
  }
  const double epsilon = site.attrs.number("epsilon");
  const int64_t step = std::max<int64_t>(1, kChunk / columns);
  const auto run = [=](const KernelCall& call) {
    const auto input = [&](int i) { return i < 0 ? nullptr : call.in[i]; };
    call.pool.run((rows + step - 1) / step, [&](int64_t job, int) {
      for (int64_t row = job * step; row < std::min(rows, (job + 1) * step); row++) {
        const int64_t offset = row * columns;
        normalize_row(call.in[0] + offset * static_cast<int64_t>(sizeof(float)), input(gamma), input(beta),
                      epsilon, reinterpret_cast<float*>(call.out[0]) + offset, columns);
      }
    });
  };
  return {run, 0, {}};
}

}  // namespace

const KernelDef kernel_layer_norm = {
    .name = "layer_norm", .op = "layer_norm", .rank = 10, .prepare = prepare};

}  // namespace cornu::kernels
