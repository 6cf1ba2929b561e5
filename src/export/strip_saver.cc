// Source: tensorflow/python/training/saver.py, tensorflow/python/checkpoint/functional_saver.py, 2.21
#include "export/strip_saver.h"

#include <algorithm>

namespace cornu::exporting {
namespace {

// Where the nodes that restore lie: the main graph, or a function that it calls.
struct Body {
  std::map<std::string_view, const NodeView*> nodes;
  std::map<std::string_view, std::string_view> arguments;  // of the function -> node of the main graph

  const NodeView* find(std::string_view name) const {
    const auto found = nodes.find(name);
    return found == nodes.end() ? nullptr : found->second;
  }
};

void add_nodes(const std::vector<NodeView>& nodes, const std::set<std::string_view>* only, Body& body) {
  for (const NodeView& node : nodes) {
    if (only == nullptr || only->contains(node.name)) body.nodes[node.name] = &node;
  }
}

Body body_of(const GraphView& graph, const SaverNames& saver) {
  Body body;
  const NodeView* restore = graph.find(node_of(saver.restore));
  if (restore == nullptr) return body;
  const auto called = restore->functions();
  const FunctionView* function = called.empty() ? nullptr : graph.function(called[0]);
  if (function == nullptr) {
    const auto needed = graph.needed_nodes({saver.restore});
    add_nodes(graph.nodes(), &needed, body);
    return body;
  }
  add_nodes(function->nodes, nullptr, body);
  for (size_t i = 0; i < std::min(function->arguments.size(), restore->inputs.size()); ++i)
    body.arguments[function->arguments[i]] = node_of(restore->inputs[i]);
  return body;
}

// The strings of a Const: value 8 of its AttrValue, string_val 8 of that.
std::vector<std::string_view> texts_of(const NodeView* node, const std::string& where) {
  if (node == nullptr || node->op != "Const") return {};
  const auto value = proto_fields(node->attr("value"), where);
  const auto tensor = proto_fields(proto_text(value, 8), where);
  auto texts = proto_all(tensor, 8);
  // Equal strings at the end are stored once: the shape (2: dim 2: size 1) tells how many there are.
  int64_t count = 1;
  for (const std::string_view dim : proto_all(proto_fields(proto_text(tensor, 2), where), 2))
    count *= std::max<int64_t>(proto_number(proto_fields(dim, where), 1), 0);
  constexpr int64_t kMost = 1 << 24;
  while (!texts.empty() && static_cast<int64_t>(texts.size()) < std::min(count, kMost))
    texts.push_back(texts.back());
  return texts;
}

const NodeView* behind_identities(const Body& body, std::string_view& input) {
  const NodeView* node = body.find(node_of(input));
  for (int i = 0; node != nullptr && node->op == "Identity" && !node->inputs.empty() && i < 64; ++i) {
    input = node->inputs[0];
    node = body.find(node_of(input));
  }
  return node;
}

bool assigns(const NodeView& node) {
  return (node.op == "AssignVariableOp" || node.op == "Assign") && node.inputs.size() >= 2;
}

// The variable and the key of one assignment; nothing if its value is not a whole tensor of the checkpoint.
std::optional<SavedVariable> assigned(const GraphView& graph, const Body& body, const NodeView& node) {
  std::string_view value = node.inputs[1];
  const NodeView* restore = behind_identities(body, value);
  if (restore == nullptr || restore->op != "RestoreV2" || restore->inputs.size() < 3) return std::nullopt;
  const auto names = texts_of(body.find(node_of(restore->inputs[1])), graph.where());
  const auto slices = texts_of(body.find(node_of(restore->inputs[2])), graph.where());
  const auto index = static_cast<size_t>(output_index(value));
  if (index >= names.size() || index >= slices.size() || !slices[index].empty()) return std::nullopt;
  std::string_view variable = node.inputs[0];
  behind_identities(body, variable);
  variable = node_of(variable);
  if (const auto argument = body.arguments.find(variable); argument != body.arguments.end())
    variable = argument->second;
  const NodeView* handle = graph.find(variable);
  if (handle == nullptr) return std::nullopt;
  const bool is_resource = node.op == "AssignVariableOp";
  return SavedVariable{variable, names[index], handle->attr("dtype"), is_resource};
}

// Whether the body does nothing but read and assign.
bool is_plain(const Body& body) {
  constexpr std::string_view kKnown[] = {"RestoreV2",
                                         "Const",
                                         "Identity",
                                         "NoOp",
                                         "Assign",
                                         "VarHandleOp",
                                         "VariableV2",
                                         "AssignVariableOp",
                                         "Variable",
                                         "Placeholder",
                                         "PlaceholderWithDefault"};
  return std::all_of(body.nodes.begin(), body.nodes.end(), [&](const auto& item) {
    return std::find(std::begin(kKnown), std::end(kKnown), item.second->op) != std::end(kKnown);
  });
}

// DataType of an AttrValue: type 6.
TfType type_in(std::string_view attr, const std::string& where) {
  return {static_cast<int>(proto_number(proto_fields(attr, where), 6))};
}

}  // namespace

std::string_view variable_name(const GraphView& graph, std::string_view node) {
  const NodeView* found = graph.find(node);
  if (found == nullptr || found->op != "VarHandleOp") return node;
  const std::string_view shared = proto_text(proto_fields(found->attr("shared_name"), graph.where()), 2);
  return shared.empty() ? node : shared;
}

std::optional<std::vector<SavedVariable>> saved_variables(const GraphView& graph, const SaverNames& saver) {
  std::vector<SavedVariable> found;
  if (saver.restore.empty()) return found;
  const Body body = body_of(graph, saver);
  if (!is_plain(body)) return std::nullopt;
  for (const auto& [name, node] : body.nodes) {
    if (!assigns(*node)) continue;
    const auto variable = assigned(graph, body, *node);
    if (!variable) return std::nullopt;
    found.push_back(*variable);
  }
  return found;
}

TfSaver smaller_saver(const GraphView& graph, const std::vector<SavedVariable>& variables,
                      const SaverNames& saver) {
  std::string prefix("saver/");
  const auto taken = [&](const NodeView& node) { return node.name.starts_with(prefix); };
  while (std::any_of(graph.nodes().begin(), graph.nodes().end(), taken)) prefix = "s" + prefix;
  std::vector<SaverVariable> written;
  for (const SavedVariable& variable : variables) {
    written.push_back({std::string(variable.node), std::string(variable.key),
                       type_in(variable.type, graph.where()), variable.is_resource});
  }
  return make_saver(prefix, std::string(node_of(saver.filename)), written);
}

}  // namespace cornu::exporting
