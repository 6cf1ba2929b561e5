// elu: y = x if x > 0, else alpha * (exp(x) - 1).      Attrs  alpha (number, 1)
#include "ops/op.h"

namespace cornu::ops {
namespace {

PreparedKernel reference(const KernelSite& site) {
  const double alpha = site.attrs.number("alpha", 1);
  return map_floats_with(site, [=](double x) { return x > 0 ? x : alpha * std::expm1(x); });
}

}  // namespace

CORNU_OP(elu) = {.name = "elu", .infer = infer_float_unary, .reference = reference, .elementwise = true};

}  // namespace cornu::ops
