// logical_not: y = not x; bools.
#include "ops/op.h"

namespace cornu::ops {
namespace {

void infer(ir::InferContext& c) {
  require_bools(c);
  infer_unary(c);
}

PreparedKernel reference(const KernelSite& site) {
  return map_numbers(site, [](auto x) { return x == decltype(x){0} ? 1 : 0; });
}

}  // namespace

CORNU_OP(logical_not) = {.name = "logical_not", .infer = infer, .reference = reference, .elementwise = true};

}  // namespace cornu::ops
