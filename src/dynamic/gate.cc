// gate: its input; dead when the second input is. For constants of a branch, which nothing else would make dead.
// Inputs  x, any     Output  x
#include "dynamic/dynamic_op.h"

namespace cornu::dynamic {
namespace {

std::vector<Tensor> compute(Call& call) {
  return {call.in[0]};
}

}  // namespace

CORNU_DYNAMIC_OP(gate) = {.name = "gate", .min_inputs = 0, .max_inputs = 2, .infer = infer_declared};
CORNU_DYNAMIC_RUN(gate) = {.op = &op_gate, .compute = compute};

}  // namespace cornu::dynamic
