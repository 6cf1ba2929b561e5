// square: y = x * x; integers wrap around.
#include "ops/op.h"

namespace cornu::ops {
namespace {

PreparedKernel reference(const KernelSite& site) {
  return map_numbers(site, [](auto x) {
    using T = decltype(x);
    if constexpr (std::is_floating_point_v<T>) return x * x;
    return static_cast<T>(bits_of(x) * bits_of(x));
  });
}

}  // namespace

CORNU_OP(square) = {
    .name = "square", .infer = infer_number_unary, .reference = reference, .elementwise = true};

}  // namespace cornu::ops
