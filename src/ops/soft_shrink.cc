// soft_shrink: y = x - threshold above it, x + threshold below its negative, else 0.      Attrs  threshold
// (number, 0.5)
#include "ops/op.h"

namespace cornu::ops {
namespace {

PreparedKernel reference(const KernelSite& site) {
  const double threshold = site.attrs.number("threshold", 0.5);
  return map_floats_with(site, [=](double x) {
    return x > threshold ? x - threshold : x < -threshold ? x + threshold : std::isnan(x) ? x : 0;
  });
}

}  // namespace

CORNU_OP(soft_shrink) = {
    .name = "soft_shrink", .infer = infer_float_unary, .reference = reference, .elementwise = true};

}  // namespace cornu::ops
