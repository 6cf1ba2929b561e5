// While, StatelessWhile -> while_loop, or the op of a recurrent layer. Variables that the body hands through unchanged, such as weights and handles, are
// no variables of the result: constants and resources are known inside of both bodies.
#include <algorithm>

#include "tensorflow/importer_scope.h"
#include "tensorflow/recurrence.h"

namespace cornu::tensorflow {
namespace {

// Whether result i of the body is its argument i.
std::vector<bool> unchanged(const FunctionDef& body) {
  std::vector<bool> same;
  for (size_t i = 0; i < body.results.size(); ++i) {
    const auto source = body.returns.find(body.results[i]);
    std::string_view from = source == body.returns.end() ? std::string_view() : source->second;
    for (int step = 0; step < 16; ++step) {  // through Identity nodes; longer chains count as changed
      from = from.substr(0, from.find(':'));
      const NodeDef* node = body.body.find(from);
      if (node == nullptr || node->op != "Identity" || node->inputs.empty()) break;
      from = node->inputs[0];
    }
    same.push_back(i < body.args.size() && from == body.args[i]);
  }
  return same;
}

std::vector<Operand> import(ImportCall& call) {
  const std::string_view name = call.def.function("body");
  const FunctionDef* function = call.importer.graph().function(name);
  if (function == nullptr) call.fail(ErrorCode::bad_file, "the file does not hold function '{}'", name);
  const std::vector<bool> same = unchanged(*function);
  const std::vector<MaybeShape> shapes = call.def.shapes("output_shapes");
  const std::vector<DType> types = call.def.dtypes("T");
  if (same.size() != call.in.size())
    call.fail(ErrorCode::bad_file, "the loop has {} variables, its body gives {}", call.in.size(),
              same.size());
  OpBuilder& g = call.g;
  std::vector<BodyArgument> arguments;
  std::vector<Value> variables;
  std::vector<Value> captured;
  std::vector<dynamic::MaybeType> variable_types;
  std::vector<bool> wanted;
  for (size_t i = 0; i < call.in.size(); ++i) {
    if (!same[i] && call.in[i].resource && call.in[i].resource->is_reference)
      call.in[i] = {call.value(i), {}, false, {}};
    BodyArgument argument{call.in[i], same[i], {}};
    if (argument.is_input(g)) {
      const Value value = call.in[i].value;
      if (same[i] && g.typed(value)) argument.type = g.graph().type(value);
      if (!same[i] && shapes.size() == call.in.size() && types.size() == shapes.size() && shapes[i] &&
          types[i] != kVariant)
        argument.type = TensorType{types[i], *shapes[i]};
      (same[i] ? captured : variables).push_back(value);
    } else if (!same[i]) {
      call.fail(ErrorCode::unsupported, "variable {} of the loop is a handle that changes", i);
    }
    if (!same[i]) variable_types.push_back(argument.type);
    wanted.push_back(!same[i]);
    arguments.push_back(argument);
  }
  const Body condition = call.body(call.def.function("cond"), arguments);
  const Body step = call.body(name, arguments, wanted);
  g.graph().set_layer(std::string(call.def.name));
  const auto fused = fuse_recurrence(g, {condition.graph, step.graph, variables, captured});
  std::vector<Value> inputs{g.object(condition.object()), g.object(step.object())};
  inputs.insert(inputs.end(), variables.begin(), variables.end());
  inputs.insert(inputs.end(), captured.begin(), captured.end());
  const std::vector<Value> out = fused
                                     ? *fused
                                     : g.dynamic_op("while_loop", std::move(inputs), variable_types,
                                                    {{"variables", static_cast<int64_t>(variables.size())}});
  std::vector<Operand> results;
  size_t next = 0;
  for (size_t i = 0; i < call.in.size(); ++i)
    results.push_back(same[i] ? call.in[i] : Operand{out[next++], {}, false, {}});
  return results;
}

constexpr std::string_view kNames[] = {"While", "StatelessWhile"};

}  // namespace

CORNU_TF_OP(while) = {.names = kNames, .import = import};

}  // namespace cornu::tensorflow
