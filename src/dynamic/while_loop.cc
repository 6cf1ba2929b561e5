// while_loop: runs a step on its variables as long as a condition gives true.
// Inputs  condition and step (graphs), the variables' first values, then what both graphs use and the loop does not change
// Attrs   variables  how many of the inputs are variables     Outputs  the variables' last values
// Graphs  condition: variables and captured values -> one scalar (anything but 0 is true); step: the same -> the variables'
//         next values
// Errors  unsupported when the host's limits of iterations or time are reached
#include "dynamic/dynamic_op.h"

namespace cornu::dynamic {
namespace {

std::vector<Tensor> compute(Call& call) {
  const auto count = static_cast<ptrdiff_t>(call.node.attrs.integer("variables"));
  const Tensor held[] = {call.in.at(0), call.in.at(1)};
  std::vector<Tensor> variables(call.in.begin() + 2, call.in.begin() + 2 + count);
  const std::vector<Tensor> captured(call.in.begin() + 2 + count, call.in.end());
  call.in.clear();  // so that the step may change what only the loop holds
  for (int64_t iteration = 0;; ++iteration) {
    call.host.check_limits(iteration);
    std::vector<Tensor> arguments = variables;
    arguments.insert(arguments.end(), captured.begin(), captured.end());
    const std::vector<Tensor> go_on = call.host.run_body(held[0], std::move(arguments));
    if (to_ints(go_on[0]).at(0) == 0) return variables;
    arguments = std::move(variables);
    arguments.insert(arguments.end(), captured.begin(), captured.end());
    variables = call.host.run_body(held[1], std::move(arguments));
  }
}

}  // namespace

CORNU_DYNAMIC_OP(while_loop) = {
    .name = "while_loop", .min_inputs = 2, .max_inputs = -1, .infer = infer_declared};
CORNU_DYNAMIC_RUN(while_loop) = {.op = &op_while_loop, .compute = compute};

}  // namespace cornu::dynamic
