// late: a node that is lowered when its inputs are concrete, because it needs their rank or their values.
// Inputs  a LateObject, then the node's own     Outputs  any
#include "dynamic/late.h"

#include "dynamic/dynamic_op.h"

namespace cornu::dynamic {
namespace {

std::vector<Tensor> compute(Call& call) {
  const Tensor held = std::move(call.in[0]);
  call.in.erase(call.in.begin());
  return object_of<LateObject>(held).compute(call);
}

}  // namespace

CORNU_DYNAMIC_OP(late) = {.name = "late", .min_inputs = 0, .max_inputs = -1, .infer = infer_declared};
CORNU_DYNAMIC_RUN(late) = {.op = &op_late, .compute = compute};

}  // namespace cornu::dynamic
