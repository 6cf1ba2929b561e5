// read_variable: the present value of a variable of the model's state.
// Attrs  name     Output  the value     Errors  bad_file if nothing was ever assigned to it
#include "dynamic/dynamic_op.h"

namespace cornu::dynamic {
namespace {

std::vector<Tensor> compute(Call& call) {
  const std::string& name = call.node.attrs.text("name");
  State& state = call.host.state();
  const std::lock_guard lock(state.mutex);
  const auto found = state.variables.find(name);
  if (found == state.variables.end())
    fail(ErrorCode::bad_file, name, "the variable is read before anything was assigned to it");
  return {found->second};
}

}  // namespace

CORNU_DYNAMIC_OP(read_variable) = {.name = "read_variable",
                                   .min_inputs = 0,
                                   .max_inputs = 0,
                                   .infer = infer_declared,
                                   .has_side_effect = true};
CORNU_DYNAMIC_RUN(read_variable) = {.op = &op_read_variable, .compute = compute};

}  // namespace cornu::dynamic
