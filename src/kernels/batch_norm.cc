// batch_norm: the mean and variance of each channel, then y = x scale + shift. float32.
// How     blocks of rows that stay in cache are read once from memory: the sums and squared distances of each are joined in order
//         afterwards, by the formula of Chan, Golub and LeVeque (1983), whatever thread made them.
// Refuses other types and empty arrays.
#include <algorithm>
#include <cmath>

#include "base/thread_pool.h"
#include "kernels/channels.h"
#include "kernels/site.h"

namespace cornu::kernels {

extern const KernelDef kernel_batch_norm;

namespace {

// Means and squared distances of each block, then of all.
void find_statistics(const ChannelBlocks& p, const KernelCall& call, float* mean, float* variance) {
  const auto* const x = reinterpret_cast<const float*>(call.in[0]);
  auto* const parts = reinterpret_cast<float*>(call.scratch);
  p.run(call.pool, [&](int64_t block, int64_t at, int64_t rows) {
    float* const own = parts + p.parts(block);
    float* const squares = own + p.stride();
    std::fill_n(own, 2 * p.stride(), 0.0F);
    add_rows(x + at, rows, p.channels, own);
    for (int64_t c = 0; c < p.channels; c++) own[c] /= static_cast<float>(rows);
    add_squares(x + at, rows, p.channels, own, squares);
  });
  for (int64_t c = 0; c < p.channels; c++) {
    double center = 0;
    double squares = 0;
    double seen = 0;
    for (int64_t block = 0; block < p.count(); block++) {
      const auto count = static_cast<double>(p.rows_of(block));
      const float* const own = parts + p.parts(block);
      const double distance = static_cast<double>(own[c]) - center;
      center += distance * count / (seen + count);
      squares +=
          static_cast<double>(own[p.stride() + c]) + distance * distance * seen * count / (seen + count);
      seen += count;
    }
    mean[c] = static_cast<float>(center);
    variance[c] = static_cast<float>(squares / seen);
  }
}

PreparedKernel prepare(const KernelSite& site) {
  if (std::string why = refuse_other_than_float32(site); !why.empty()) return refuse(why);
  const Shape& shape = site.in[0].shape;
  const ChannelBlocks blocks{shape.elements() / shape.back(), shape.back()};
  const auto run = [p = blocks,
                    epsilon = static_cast<float>(site.attrs.number("epsilon"))](const KernelCall& call) {
    auto* const mean = reinterpret_cast<float*>(call.out[1]);
    auto* const variance = reinterpret_cast<float*>(call.out[2]);
    find_statistics(p, call, mean, variance);
    float* const scale = reinterpret_cast<float*>(call.scratch) + p.parts(p.count());
    float* const shift = scale + p.stride();
    for (int64_t c = 0; c < p.channels; c++) {
      scale[c] = load_at<float>(call.in[1], c) / std::sqrt(variance[c] + epsilon);
      shift[c] = load_at<float>(call.in[2], c) - mean[c] * scale[c];
    }
    p.run(call.pool, [&](int64_t, int64_t at, int64_t rows) {
      scale_rows(reinterpret_cast<const float*>(call.in[0]) + at, rows, p.channels, scale, shift,
                 reinterpret_cast<float*>(call.out[0]) + at);
    });
  };
  return {run, blocks.scratch_bytes(2), {}};
}

}  // namespace

const KernelDef kernel_batch_norm = {
    .name = "batch_norm", .op = "batch_norm", .rank = 10, .prepare = prepare};

}  // namespace cornu::kernels
