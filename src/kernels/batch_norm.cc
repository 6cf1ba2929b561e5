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

constexpr int64_t kBlockFloats = 16 * 1024;  // 64 kB: a quarter of a small second-level cache

struct Plan {
  int64_t rows, channels;
  float epsilon;

  int64_t block_rows() const { return std::max<int64_t>(1, kBlockFloats / channels); }
  int64_t blocks() const { return (rows + block_rows() - 1) / block_rows(); }
  int64_t stride() const { return (channels + 15) / 16 * 16; }  // 64 bytes
  int64_t scratch_floats() const { return (2 * blocks() + 2) * stride(); }
};

// Means and squared distances of each block, then of all.
void find_statistics(const Plan& p, const KernelCall& call, float* mean, float* variance) {
  const auto* const x = reinterpret_cast<const float*>(call.in[0]);
  auto* const parts = reinterpret_cast<float*>(call.scratch);
  call.pool.run(p.blocks(), [&](int64_t block, int) {
    const int64_t first = block * p.block_rows();
    const int64_t count = std::min(p.block_rows(), p.rows - first);
    float* const own = parts + 2 * block * p.stride();
    float* const squares = own + p.stride();
    std::fill_n(own, 2 * p.stride(), 0.0F);
    add_rows(x + first * p.channels, count, p.channels, own);
    for (int64_t c = 0; c < p.channels; c++) own[c] /= static_cast<float>(count);
    add_squares(x + first * p.channels, count, p.channels, own, squares);
  });
  for (int64_t c = 0; c < p.channels; c++) {
    double center = 0;
    double squares = 0;
    double seen = 0;
    for (int64_t block = 0; block < p.blocks(); block++) {
      const auto count = static_cast<double>(std::min(p.block_rows(), p.rows - block * p.block_rows()));
      const float* const own = parts + 2 * block * p.stride();
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
  const Plan plan{shape.elements() / shape.back(), shape.back(),
                  static_cast<float>(site.attrs.number("epsilon"))};
  const auto run = [p = plan](const KernelCall& call) {
    auto* const mean = reinterpret_cast<float*>(call.out[1]);
    auto* const variance = reinterpret_cast<float*>(call.out[2]);
    find_statistics(p, call, mean, variance);
    float* const scale = reinterpret_cast<float*>(call.scratch) + 2 * p.blocks() * p.stride();
    float* const shift = scale + p.stride();
    for (int64_t c = 0; c < p.channels; c++) {
      scale[c] = load_at<float>(call.in[1], c) / std::sqrt(variance[c] + p.epsilon);
      shift[c] = load_at<float>(call.in[2], c) - mean[c] * scale[c];
    }
    call.pool.run(p.blocks(), [&](int64_t block, int) {
      const int64_t first = block * p.block_rows();
      const int64_t at = first * p.channels;
      scale_rows(reinterpret_cast<const float*>(call.in[0]) + at, std::min(p.block_rows(), p.rows - first),
                 p.channels, scale, shift, reinterpret_cast<float*>(call.out[0]) + at);
    });
  };
  return {run, plan.scratch_floats() * static_cast<int64_t>(sizeof(float)), {}};
}

}  // namespace

const KernelDef kernel_batch_norm = {
    .name = "batch_norm", .op = "batch_norm", .rank = 10, .prepare = prepare};

}  // namespace cornu::kernels
