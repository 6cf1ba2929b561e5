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

void run(const ChannelBlocks& p, double epsilon, const KernelCall& call) {
  const auto* const x = reinterpret_cast<const float*>(call.in[0]);
  const auto* const dy = reinterpret_cast<const float*>(call.in[1]);
  const auto* const mean = reinterpret_cast<const float*>(call.in[2]);
  auto* const parts = reinterpret_cast<float*>(call.scratch);
  p.run(call.pool, [&](int64_t block, int64_t at, int64_t rows) {
    float* const sums = parts + p.parts(block);
    std::fill_n(sums, 2 * p.stride(), 0.0F);
    add_products(x + at, dy + at, rows, p.channels, mean, sums, sums + p.stride());
  });
  float* const a = parts + p.parts(p.count());
  float* const b = a + p.stride();
  float* const shift = b + p.stride();
  const auto count = static_cast<double>(p.rows);
  for (int64_t c = 0; c < p.channels; c++) {
    double sum = 0;
    double products = 0;
    for (int64_t block = 0; block < p.count(); block++) {
      sum += static_cast<double>(parts[p.parts(block) + c]);
      products += static_cast<double>(parts[p.parts(block) + p.stride() + c]);
    }
    const double r = 1 / std::sqrt(static_cast<double>(load_at<float>(call.in[3], c)) + epsilon);
    const double scale = static_cast<double>(load_at<float>(call.in[4], c)) * r;
    const double slope = -scale * r * r * products / count;
    a[c] = static_cast<float>(scale);
    b[c] = static_cast<float>(slope);
    shift[c] = static_cast<float>(-scale * sum / count - slope * static_cast<double>(mean[c]));
    reinterpret_cast<float*>(call.out[1])[c] = static_cast<float>(products * r);
    reinterpret_cast<float*>(call.out[2])[c] = static_cast<float>(sum);
  }
  p.run(call.pool, [&](int64_t, int64_t at, int64_t rows) {
    combine_rows(x + at, dy + at, rows, p.channels, a, b, shift, reinterpret_cast<float*>(call.out[0]) + at);
  });
}

PreparedKernel prepare(const KernelSite& site) {
  if (std::string why = refuse_other_than_float32(site); !why.empty()) return refuse(why);
  const Shape& shape = site.in[0].shape;
  const ChannelBlocks blocks{shape.elements() / shape.back(), shape.back()};
  return {[blocks, epsilon = site.attrs.number("epsilon")](const KernelCall& call) {
            run(blocks, epsilon, call);
          },
          blocks.scratch_bytes(3),
          {}};
}

}  // namespace

const KernelDef kernel_batch_norm_gradient = {
    .name = "batch_norm_gradient", .op = "batch_norm_gradient", .rank = 10, .prepare = prepare};

}  // namespace cornu::kernels
