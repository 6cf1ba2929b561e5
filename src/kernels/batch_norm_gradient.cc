// batch_norm_gradient: the sums of dy and dy (x - mean) of each channel, then dx = dy a + x b + shift. float32.
// How     as kernels/batch_norm.cc: sums of blocks of rows are added in order.
// Refuses other types and empty arrays.
#include <algorithm>
#include <cmath>

#include "base/thread_pool.h"
#include "kernels/channels.h"
#include "kernels/site.h"

namespace cornu::kernels {

extern const KernelDef kernel_batch_norm_gradient;

namespace {

constexpr int64_t kBlockFloats = 16 * 1024;  // of x, and as many of dy

struct Plan {
  int64_t rows, channels;
  double epsilon;

  int64_t block_rows() const { return std::max<int64_t>(1, kBlockFloats / channels); }
  int64_t blocks() const { return (rows + block_rows() - 1) / block_rows(); }
  int64_t stride() const { return (channels + 15) / 16 * 16; }  // 64 bytes
  int64_t scratch_floats() const { return (2 * blocks() + 3) * stride(); }
};

// Calls fn(first float, rows) for each block.
template <class Fn>
void for_blocks(const Plan& p, ThreadPool& pool, Fn fn) {
  pool.run(p.blocks(), [&](int64_t block, int) {
    const int64_t first = block * p.block_rows();
    fn(block, first * p.channels, std::min(p.block_rows(), p.rows - first));
  });
}

void run(const Plan& p, const KernelCall& call) {
  const auto* const x = reinterpret_cast<const float*>(call.in[0]);
  const auto* const dy = reinterpret_cast<const float*>(call.in[1]);
  const auto* const mean = reinterpret_cast<const float*>(call.in[2]);
  auto* const parts = reinterpret_cast<float*>(call.scratch);
  for_blocks(p, call.pool, [&](int64_t block, int64_t at, int64_t rows) {
    float* const sums = parts + 2 * block * p.stride();
    std::fill_n(sums, 2 * p.stride(), 0.0F);
    add_products(x + at, dy + at, rows, p.channels, mean, sums, sums + p.stride());
  });
  float* const a = parts + 2 * p.blocks() * p.stride();
  float* const b = a + p.stride();
  float* const shift = b + p.stride();
  const auto count = static_cast<double>(p.rows);
  for (int64_t c = 0; c < p.channels; c++) {
    double sum = 0;
    double products = 0;
    for (int64_t block = 0; block < p.blocks(); block++) {
      sum += static_cast<double>(parts[2 * block * p.stride() + c]);
      products += static_cast<double>(parts[(2 * block + 1) * p.stride() + c]);
    }
    const double r = 1 / std::sqrt(static_cast<double>(load_at<float>(call.in[3], c)) + p.epsilon);
    const double scale = static_cast<double>(load_at<float>(call.in[4], c)) * r;
    const double slope = -scale * r * r * products / count;
    a[c] = static_cast<float>(scale);
    b[c] = static_cast<float>(slope);
    shift[c] = static_cast<float>(-scale * sum / count - slope * static_cast<double>(mean[c]));
    reinterpret_cast<float*>(call.out[1])[c] = static_cast<float>(products * r);
    reinterpret_cast<float*>(call.out[2])[c] = static_cast<float>(sum);
  }
  for_blocks(p, call.pool, [&](int64_t, int64_t at, int64_t rows) {
    combine_rows(x + at, dy + at, rows, p.channels, a, b, shift, reinterpret_cast<float*>(call.out[0]) + at);
  });
}

PreparedKernel prepare(const KernelSite& site) {
  if (std::string why = refuse_other_than_float32(site); !why.empty()) return refuse(why);
  const Shape& shape = site.in[0].shape;
  const Plan plan{shape.elements() / shape.back(), shape.back(), site.attrs.number("epsilon")};
  return {[plan](const KernelCall& call) { run(plan, call); },
          plan.scratch_floats() * static_cast<int64_t>(sizeof(float)),
          {}};
}

}  // namespace

const KernelDef kernel_batch_norm_gradient = {
    .name = "batch_norm_gradient", .op = "batch_norm_gradient", .rank = 10, .prepare = prepare};

}  // namespace cornu::kernels
