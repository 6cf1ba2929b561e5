// Loops of TensorFlow 1: the nodes between Enter and Exit of one frame -> while_loop.
//
// A variable of the loop is Enter -> Merge -> Switch -> Exit, and Switch -> body -> NextIteration -> Merge; the condition is
// what LoopCond takes. Values from outside come in through Enter nodes without a Merge, so a frame is closed.
// Source  tensorflow/core/ops/control_flow_ops.cc, 2.21
#include <algorithm>

#include "tensorflow/importer_scope.h"

namespace cornu::tensorflow {
namespace {

struct Variable {
  const NodeDef* enter = nullptr;
  const NodeDef* merge = nullptr;
  const NodeDef* switch_node = nullptr;  // null: nothing in the body uses the variable
  const NodeDef* exit = nullptr;         // null: nobody uses its last value
  std::string_view next;                 // input of its NextIteration
};

struct Frame {
  std::vector<Variable> variables;
  std::vector<const NodeDef*> captured;  // Enter nodes
  std::string_view condition;            // input of LoopCond
};

const NodeDef* source_of(const Scope& scope, std::string_view input) {
  return scope.table.find(input.substr(0, input.find(':')));
}

bool has_op(const NodeDef* node, std::string_view op) {
  return node != nullptr && (node->op == op || node->op == "Ref" + std::string(op));
}

const NodeDef* consumer(const TableFacts& facts, const NodeDef* node, std::string_view op) {
  const auto found = facts.consumers.find(node);
  if (found == facts.consumers.end()) return nullptr;
  for (const NodeDef* user : found->second) {
    if (has_op(user, op)) return user;
  }
  return nullptr;
}

[[noreturn]] void refuse(const NodeDef& exit) {
  fail(ErrorCode::bad_file, std::string(exit.name),
       "the loop that the Exit node ends does not have the form of a loop");
}

const NodeDef* enter_of_exit(const Scope& scope, const NodeDef& exit) {
  const NodeDef* switch_node = exit.inputs.empty() ? nullptr : source_of(scope, exit.inputs[0]);
  if (!has_op(switch_node, "Switch") || switch_node->inputs.size() < 2) return nullptr;
  const NodeDef* merge = source_of(scope, switch_node->inputs[0]);
  if (!has_op(merge, "Merge")) return nullptr;
  for (std::string_view input : merge->inputs) {
    const NodeDef* enter = source_of(scope, input);
    if (has_op(enter, "Enter")) return enter;
  }
  return nullptr;
}

Variable variable_of(const Scope& scope, const TableFacts& facts, const NodeDef* enter, const NodeDef* merge,
                     const NodeDef& exit) {
  Variable variable{enter, merge, consumer(facts, merge, "Switch"), nullptr, {}};
  if (variable.switch_node != nullptr) variable.exit = consumer(facts, variable.switch_node, "Exit");
  for (std::string_view input : merge->inputs) {
    const NodeDef* next = source_of(scope, input);
    if (has_op(next, "NextIteration") && !next->inputs.empty()) variable.next = next->inputs[0];
  }
  if (variable.next.empty()) refuse(exit);
  return variable;
}

Frame frame_of(const Scope& scope, const TableFacts& facts, const NodeDef& exit,
               const std::vector<const NodeDef*>& enters) {
  Frame frame;
  for (const NodeDef* enter : enters) {
    const NodeDef* merge = consumer(facts, enter, "Merge");
    if (merge == nullptr) {
      frame.captured.push_back(enter);
    } else {
      frame.variables.push_back(variable_of(scope, facts, enter, merge, exit));
    }
  }
  const NodeDef* condition = source_of(scope, source_of(scope, exit.inputs[0])->inputs[1]);
  if (!has_op(condition, "LoopCond") || condition->inputs.empty()) refuse(exit);
  frame.condition = condition->inputs[0];
  return frame;
}

}  // namespace

std::vector<const NodeDef*> Importer::frame_of_exit(Scope& scope, const NodeDef& exit) {
  const NodeDef* enter = enter_of_exit(scope, exit);
  if (enter == nullptr) refuse(exit);
  std::vector<const NodeDef*> enters;
  // Only what feeds the loop: an Enter whose input nobody else needs is part of it all the same.
  for (const NodeDef* other : facts(scope).frames[enter->text("frame_name")]) {
    if (!other->inputs.empty()) enters.push_back(other);
  }
  return enters;
}

void Importer::import_loop(Scope& scope, const NodeDef& exit) {
  const Frame frame = frame_of(scope, facts(scope), exit, frame_of_exit(scope, exit));
  std::vector<BodyArgument> arguments;
  for (const Variable& variable : frame.variables)
    arguments.push_back({operand(scope, variable.enter->inputs[0]), false, {}});
  for (const NodeDef* enter : frame.captured) {
    BodyArgument argument{operand(scope, enter->inputs[0]), true, {}};
    if (argument.is_input(scope.g) && scope.g.typed(argument.operand.value))
      argument.type = scope.g.graph().type(argument.operand.value);
    arguments.push_back(argument);
  }
  // One of the two bodies: its outputs are the operands that `results` name.
  const auto body = [&](const std::vector<std::string_view>& results) {
    Body made;
    forget(made.graph);
    OpBuilder builder(made.graph, constant_folder());
    Scope inside{scope.table, scope.function, builder, true, {}, {}, {}};
    for (const auto& [name, argument] : scope.arguments) inside.arguments[name] = {{}, {}, true, {}};
    const std::vector<Operand> entered = enter_all(arguments, scope.g, builder);
    for (size_t i = 0; i < arguments.size(); ++i) {
      if (i < frame.variables.size()) {
        const Variable& variable = frame.variables[i];
        inside.overrides[{variable.merge, 0}] = entered[i];
        if (variable.switch_node != nullptr) inside.overrides[{variable.switch_node, 1}] = entered[i];
      } else {
        inside.overrides[{frame.captured[i - frame.variables.size()], 0}] = entered[i];
      }
    }
    std::vector<const NodeDef*> roots;
    for (std::string_view result : results) {
      const Source source = resolve(inside, result);
      if (source.node != nullptr && !inside.overrides.contains({source.node, source.index}))
        roots.push_back(source.node);
    }
    run(inside, roots);
    for (std::string_view result : results) {
      const Operand found = operand(inside, result);
      if (found.dead) refuse(exit);
      const bool is_handle = found.resource && !found.resource->is_reference;
      made.graph.add_output("", is_handle        ? builder.constant(scalar(0, DType::int32))
                                : found.resource ? read(builder, found.resource, std::string(exit.name))
                                                 : found.value);
    }
    return made.object();
  };
  std::vector<std::string_view> nexts;
  std::vector<Value> inputs;
  for (const Variable& variable : frame.variables) nexts.push_back(variable.next);
  for (size_t i = 0; i < arguments.size(); ++i) {
    const bool is_input = arguments[i].is_input(scope.g);
    if (i < frame.variables.size() && !is_input) refuse(exit);  // a handle cannot change
    if (is_input) inputs.push_back(arguments[i].operand.value);
  }
  const VariantPtr condition = body({frame.condition});
  const VariantPtr step = body(nexts);
  inputs.insert(inputs.begin(), {scope.g.object(condition), scope.g.object(step)});
  scope.g.graph().set_layer(std::string(exit.name));
  const std::vector<Value> out = scope.g.dynamic_op(
      "while_loop", std::move(inputs), std::vector<dynamic::MaybeType>(frame.variables.size()),
      {{"variables", static_cast<int64_t>(frame.variables.size())}});
  for (size_t i = 0; i < frame.variables.size(); ++i) {
    if (frame.variables[i].exit != nullptr) scope.done[frame.variables[i].exit] = {{out[i], {}, false, {}}};
  }
  // Several nodes may end one variable.
  if (!scope.done.contains(&exit)) {
    for (size_t i = 0; i < frame.variables.size(); ++i) {
      if (frame.variables[i].switch_node == source_of(scope, exit.inputs[0]))
        scope.done[&exit] = {{out[i], {}, false, {}}};
    }
  }
  if (!scope.done.contains(&exit)) refuse(exit);
}

std::vector<Feed> needed_placeholders(const GraphDef& graph, const std::vector<Fetch>& fetches) {
  std::unordered_set<std::string_view> needed;
  std::vector<std::string_view> stack;
  for (const Fetch& fetch : fetches) stack.push_back(fetch.tensor);
  while (!stack.empty()) {
    std::string_view name = stack.back();
    stack.pop_back();
    if (name.starts_with('^')) name.remove_prefix(1);
    const NodeDef* node = graph.nodes().find(name.substr(0, name.find(':')));
    if (node == nullptr || !needed.insert(node->name).second) continue;
    for (std::string_view input : node->inputs) {
      if (!input.starts_with('^')) stack.push_back(input);
    }
  }
  std::vector<Feed> feeds;
  for (const NodeDef& node : graph.nodes().nodes()) {
    if ((node.op == "Placeholder" || node.op == "PlaceholderV2") && needed.contains(node.name))
      feeds.push_back({std::string(node.name), std::string(node.name), {}, {}, false});
  }
  return feeds;
}

}  // namespace cornu::tensorflow
