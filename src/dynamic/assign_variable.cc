// assign_variable: replaces, or changes, the value of a variable of the model's state.
// Input  value     Attrs  name; op: an op of two inputs, such as add, that combines the present value and the input;
//        absent: the input replaces it     Output  the new value
// Notes  Two runs at once may both read before either writes, as TensorFlow's without locking.
#include "dynamic/dynamic_op.h"

namespace cornu::dynamic {
namespace {

std::vector<Tensor> compute(Call& call) {
  const std::string& name = call.node.attrs.text("name");
  const std::string op = call.node.attrs.text("op", "");
  State& state = call.host.state();
  Tensor value = call.in[0];
  if (!op.empty()) {
    Tensor present;
    {
      const std::lock_guard lock(state.mutex);
      const auto found = state.variables.find(name);
      if (found == state.variables.end())
        fail(ErrorCode::bad_file, name, "the variable is changed before anything was assigned to it");
      present = found->second;
    }
    ir::Node node{};
    node.op = ir::find_op(op);
    value = call.host.run_op(node, {std::move(present), std::move(value)}).at(0);
  }
  const std::lock_guard lock(state.mutex);
  state.variables.insert_or_assign(name, value);
  return {value};
}

}  // namespace

CORNU_DYNAMIC_OP(assign_variable) = {
    .name = "assign_variable", .infer = infer_declared, .has_side_effect = true};
CORNU_DYNAMIC_RUN(assign_variable) = {.op = &op_assign_variable, .compute = compute};

}  // namespace cornu::dynamic
