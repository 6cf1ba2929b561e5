// abs: y = |x|; the smallest integer of a type stays itself.
#include "ops/op.h"

namespace cornu::ops {
namespace {

PreparedKernel reference(const KernelSite& site) {
  return map_numbers(site, [](auto x) {
    using T = decltype(x);
    if constexpr (std::is_floating_point_v<T>) return std::abs(x);
    return x < T{0} ? static_cast<T>(0 - bits_of(x)) : x;
  });
}

}  // namespace

CORNU_OP(abs) = {.name = "abs", .infer = infer_number_unary, .reference = reference, .elementwise = true};

}  // namespace cornu::ops
