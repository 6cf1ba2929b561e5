// sign: y = -1, 0 or 1; NaN stays NaN.
#include "ops/op.h"

namespace cornu::ops {
namespace {

PreparedKernel reference(const KernelSite& site) {
  return map_numbers(site, [](auto x) {
    using T = decltype(x);
    if (x != x) return x;
    return static_cast<T>((x > T{0} ? 1 : 0) - (x < T{0} ? 1 : 0));
  });
}

}  // namespace

CORNU_OP(sign) = {.name = "sign", .infer = infer_number_unary, .reference = reference, .elementwise = true};

}  // namespace cornu::ops
