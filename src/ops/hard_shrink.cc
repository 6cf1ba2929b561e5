// hard_shrink: y = x if |x| > threshold, else 0.      Attrs  threshold (number, 0.5)
#include "ops/op.h"

namespace cornu::ops {
namespace {

PreparedKernel reference(const KernelSite& site) {
  const double threshold = site.attrs.number("threshold", 0.5);
  return map_floats_with(site, [=](double x) { return std::abs(x) <= threshold ? 0 : x; });
}

}  // namespace

CORNU_OP(hard_shrink) = {
    .name = "hard_shrink", .infer = infer_float_unary, .reference = reference, .elementwise = true};

}  // namespace cornu::ops
