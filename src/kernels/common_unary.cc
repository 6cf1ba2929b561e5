#include <algorithm>

#include "base/thread_pool.h"
#include "kernels/activation.h"
#include "kernels/site.h"
#include "kernels/unary.h"

namespace cornu::kernels {
namespace {

constexpr int64_t kChunk = 16 * 1024;  // floats: 64 kB, a few microseconds of the cheapest function

}  // namespace

PreparedKernel prepare_unary(const KernelSite& site, Activation activation, float a, float b) {
  if (std::string why = refuse_other_than_float32(site); !why.empty()) return refuse(why);
  const int64_t count = site.in[0].shape.elements();
  if (count != site.out[0].shape.elements()) return refuse("x and y differ in size");
  const auto run = [activation, a, b, count](const KernelCall& call) {
    auto* const y = reinterpret_cast<float*>(call.out[0]);
    call.pool.run((count + kChunk - 1) / kChunk, [&](int64_t chunk, int) {
      const int64_t first = chunk * kChunk;
      const auto bytes = first * static_cast<int64_t>(sizeof(float));
      activate(activation, a, b, call.in[0] + bytes, y + first, std::min(kChunk, count - first));
    });
  };
  return {run, 0, {}};
}

}  // namespace cornu::kernels
