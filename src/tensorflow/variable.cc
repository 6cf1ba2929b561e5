// Variables: handles (VarHandleOp), references (VariableV2), reading and assigning.
//
// A variable that nothing assigns is a constant: its value in the checkpoint, used where it lies. One that the graph itself
// assigns is read from, and written to, the model's state. While a model is set up (its restore and initialisation
// graphs), an assignment gives the variable the value that it has when the model starts.
#include "tensorflow/importer.h"

namespace cornu::tensorflow {

ResourcePtr declare_variable(Environment& environment, const NodeDef& node) {
  std::string name = node.text("shared_name");
  if (name.empty()) name = node.name;
  ResourcePtr& resource = environment.resources[name];
  if (!resource) {
    resource = std::make_shared<Resource>();
    resource->name = name;
    resource->dtype = node.dtype("dtype");
    resource->is_reference = node.op != "VarHandleOp";
  }
  return resource;
}

namespace {

std::vector<Operand> read(ImportCall& call) {
  const Value value = call.read(call.resource(0));
  return {{value, {}, false, {}}};
}

// The op that combines the present value and the input; empty: the input replaces it.
std::string_view combining(std::string_view op) {
  if (op.starts_with("AssignAdd")) return "add";
  if (op.starts_with("AssignSub") || op.ends_with("ApplyGradientDescent")) return "sub";
  return {};
}

// Freezing puts a constant in a variable's place, and leaves what was assigned to it: that is its value from there on.
std::vector<Operand> assign_frozen(ImportCall& call) {
  const std::string_view op = combining(call.def.op);
  const Value change = call.value(1);
  return {{op.empty() ? change : call.g.op(op, {call.value(0), change}), {}, false, {}}};
}

std::vector<Operand> assign(ImportCall& call) {
  if (!call.in.empty() && !call.in[0].resource && call.def.op.starts_with("Assign"))
    return assign_frozen(call);
  const ResourcePtr resource = call.resource(0);
  const std::vector<Operand> result{{{}, resource, false, {}}};
  if (call.environment().setup) {
    if (const Tensor* known = call.constant(1)) resource->value = *known;
    return result;
  }
  Value change = call.value(1);
  if (call.def.op.ends_with("ApplyGradientDescent")) change = call.g.op("mul", {change, call.value(2)});
  call.assign(resource, combining(call.def.op), change);
  return result;
}

std::vector<Operand> is_initialized(ImportCall& call) {
  const ResourcePtr& resource = call.resource(0);
  return {{call.g.scalar(resource->value.valid() ? 1 : 0, DType::boolean), {}, false, {}}};
}

std::vector<Operand> import(ImportCall& call) {
  const std::string_view op = call.def.op;
  if (op == "VarHandleOp" || op == "VariableV2" || op == "Variable")
    return {{{}, declare_variable(call.environment(), call.def), false, {}}};
  if (op == "ReadVariableOp") return read(call);
  if (op == "VarIsInitializedOp" || op == "IsVariableInitialized") return is_initialized(call);
  return assign(call);
}

constexpr std::string_view kNames[] = {"VarHandleOp",
                                       "VariableV2",
                                       "Variable",
                                       "ReadVariableOp",
                                       "VarIsInitializedOp",
                                       "IsVariableInitialized",
                                       "AssignVariableOp",
                                       "AssignAddVariableOp",
                                       "AssignSubVariableOp",
                                       "Assign",
                                       "AssignAdd",
                                       "AssignSub",
                                       "ApplyGradientDescent",
                                       "ResourceApplyGradientDescent"};

}  // namespace

CORNU_TF_OP(variable) = {.names = kNames, .import = import};

}  // namespace cornu::tensorflow
