// neg: y = -x; integers wrap around.
#include "ops/op.h"

namespace cornu::ops {
namespace {

PreparedKernel reference(const KernelSite& site) {
  return map_numbers(site, [](auto x) {
    using T = decltype(x);
    if constexpr (std::is_floating_point_v<T>) return -x;
    return static_cast<T>(0 - bits_of(x));
  });
}

}  // namespace

CORNU_OP(neg) = {.name = "neg", .infer = infer_number_unary, .reference = reference, .elementwise = true};

}  // namespace cornu::ops
