// merge: the first of its inputs that is not dead.
// Inputs  any number     Outputs  it, its number (int32 scalar); both dead if all inputs are
#include "dynamic/dynamic_op.h"

namespace cornu::dynamic {
namespace {

std::vector<Tensor> compute(Call& call) {
  for (size_t i = 0; i < call.in.size(); ++i) {
    if (call.in[i].valid()) return {call.in[i], scalar(static_cast<double>(i), DType::int32)};
  }
  return std::vector<Tensor>(2);
}

}  // namespace

CORNU_DYNAMIC_OP(merge) = {.name = "merge", .min_inputs = 1, .max_inputs = -1, .infer = infer_declared};
CORNU_DYNAMIC_RUN(merge) = {.op = &op_merge, .compute = compute, .takes_dead = true};

}  // namespace cornu::dynamic
