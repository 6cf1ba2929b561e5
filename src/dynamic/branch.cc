// branch: runs one of several bodies.
// Inputs  the bodies (graphs), selector (scalar: the body's number; a bool: true is body 0, false body 1), then what the
//         bodies take     Attrs  bodies  how many
// Outputs those of the body; a number outside of the bodies runs the last one     Source  TensorFlow's If and Case
#include "dynamic/dynamic_op.h"

namespace cornu::dynamic {
namespace {

std::vector<Tensor> compute(Call& call) {
  const auto count = call.node.attrs.integer("bodies");
  const Tensor selector = call.in.at(static_cast<size_t>(count));
  if (selector.shape.elements() != 1)
    fail(ErrorCode::bad_shape, "", "a branch is chosen by one value, received shape {}",
         selector.shape.to_string());
  int64_t chosen = to_ints(selector)[0];
  if (selector.dtype == DType::boolean) chosen = chosen != 0 ? 0 : 1;
  if (chosen < 0 || chosen >= count) chosen = count - 1;
  std::vector<Tensor> arguments(call.in.begin() + count + 1, call.in.end());
  const Tensor body = call.in[static_cast<size_t>(chosen)];
  call.in.clear();
  return call.host.run_body(body, std::move(arguments));
}

}  // namespace

CORNU_DYNAMIC_OP(branch) = {.name = "branch", .min_inputs = 2, .max_inputs = -1, .infer = infer_declared};
CORNU_DYNAMIC_RUN(branch) = {.op = &op_branch, .compute = compute};

}  // namespace cornu::dynamic
