// switch: hands its input on to one of two outputs; the other is dead, and so is all that depends on it.
// Inputs  x, choice (scalar)     Outputs  x if the choice is false, x if it is true
#include "dynamic/dynamic_op.h"

namespace cornu::dynamic {
namespace {

std::vector<Tensor> compute(Call& call) {
  if (call.in[1].shape.elements() != 1)
    fail(ErrorCode::bad_shape, "", "a switch is set by one value, received shape {}",
         call.in[1].shape.to_string());
  std::vector<Tensor> out(2);
  out[to_ints(call.in[1])[0] != 0 ? 1 : 0] = std::move(call.in[0]);
  return out;
}

}  // namespace

CORNU_DYNAMIC_OP(switch) = {.name = "switch", .min_inputs = 2, .max_inputs = 2, .infer = infer_declared};
CORNU_DYNAMIC_RUN(switch) = {.op = &op_switch, .compute = compute};

}  // namespace cornu::dynamic
