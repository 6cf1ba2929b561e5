// If, Case -> the branch, when the condition is known; else op `branch` with the branches as bodies.
#include "tensorflow/importer.h"

namespace cornu::tensorflow {
namespace {

std::vector<std::string_view> functions_of(const NodeDef& def) {
  if (def.has("branches")) return def.functions("branches");
  return {def.function("then_branch"), def.function("else_branch")};
}

size_t chosen_by(const ImportCall& call, const Tensor& selector, size_t count) {
  if (selector.shape.elements() != 1)
    call.fail(ErrorCode::bad_shape, "a branch is chosen by one value, received shape {}",
              selector.shape.to_string());
  if (!call.def.has("branches")) {
    // If takes numbers and strings as well: what is not 0 and not empty is true.
    const bool is_true =
        selector.dtype == DType::string ? !strings_of(selector)[0].empty() : to_doubles(selector)[0] != 0;
    return is_true ? 0 : 1;
  }
  const int64_t index = to_ints(selector)[0];
  return index < 0 || index >= static_cast<int64_t>(count) ? count - 1 : static_cast<size_t>(index);
}

std::vector<Operand> import(ImportCall& call) {
  const std::vector<std::string_view> functions = functions_of(call.def);
  if (functions.empty()) call.fail(ErrorCode::bad_file, "the node has no branches");
  Value selector = call.value(0);
  const std::vector<Operand> arguments(call.in.begin() + 1, call.in.end());
  if (const Tensor* known = call.constant(0))
    return call.call_function(functions[chosen_by(call, *known, functions.size())], arguments);
  OpBuilder& g = call.g;
  if (!call.def.has("branches") && g.typed(selector) && g.dtype(selector) != DType::boolean &&
      g.dtype(selector) != DType::string)
    selector = g.cast(selector, DType::boolean);
  std::vector<BodyArgument> inside;
  std::vector<Value> arguments_in;
  for (const Operand& operand : arguments) {
    BodyArgument argument{operand, true, {}};
    if (argument.is_input(g)) {
      if (g.typed(operand.value)) argument.type = g.graph().type(operand.value);
      arguments_in.push_back(operand.value);
    }
    inside.push_back(argument);
  }
  std::vector<Value> inputs;
  std::vector<dynamic::MaybeType> types;
  for (std::string_view function : functions) {
    const Body body = call.body(function, inside);
    inputs.push_back(g.object(body.object()));
    if (inputs.size() == 1) types = body.types;
    if (types.size() != body.types.size())
      call.fail(ErrorCode::bad_file, "the branches give different numbers of results");
    // A result that all branches give in one type has it.
    for (size_t i = 0; i < types.size(); ++i) {
      if (types[i] != body.types[i]) types[i].reset();
    }
  }
  inputs.push_back(selector);
  inputs.insert(inputs.end(), arguments_in.begin(), arguments_in.end());
  g.graph().set_layer(std::string(call.def.name));
  std::vector<Operand> results;
  for (Value value :
       g.dynamic_op("branch", std::move(inputs), types, {{"bodies", static_cast<int64_t>(functions.size())}}))
    results.push_back({value, {}, false, {}});
  return results;
}

constexpr std::string_view kNames[] = {"If", "StatelessIf", "Case", "StatelessCase"};

}  // namespace

CORNU_TF_OP(if) = {.names = kNames, .import = import};

}  // namespace cornu::tensorflow
