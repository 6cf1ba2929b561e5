#include <fmt/format.h>
#include <fmt/ranges.h>

#include "ir/graph.h"

namespace cornu::ir {
namespace {

std::string type_text(const TensorType& type) {
  return fmt::format("{}{}", dtype_name(type.dtype), type.shape.to_string());
}

std::string attr_text(const AttrValue& value) {
  return std::visit(
      [](const auto& item) -> std::string {
        using T = std::decay_t<decltype(item)>;
        if constexpr (std::is_same_v<T, DType>) {
          return std::string(dtype_name(item));
        } else if constexpr (std::is_same_v<T, std::string>) {
          return '"' + item + '"';
        } else {
          return fmt::format("{}", item);
        }
      },
      value);
}

std::string value_text(const Graph& graph, Value value) {
  if (graph.constant(value) != nullptr) return fmt::format("const:{}", type_text(graph.type(value)));
  return fmt::format("%{}", value.id);
}

}  // namespace

std::string print(const Graph& graph) {
  std::string text;
  for (const GraphInput& input : graph.inputs()) {
    text +=
        fmt::format("input %{}:{} \"{}\"\n", input.value.id, type_text(graph.type(input.value)), input.name);
  }
  for (const Node& node : graph.nodes()) {
    std::vector<std::string> outputs;
    std::vector<std::string> inputs;
    std::vector<std::string> attrs;
    for (Value value : node.outputs)
      outputs.push_back(fmt::format("%{}:{}", value.id, type_text(graph.type(value))));
    for (Value value : node.inputs) inputs.push_back(value_text(graph, value));
    for (const auto& [name, value] : node.attrs.items())
      attrs.push_back(fmt::format("{}={}", name, attr_text(value)));
    text += fmt::format("{} = {}({})", fmt::join(outputs, ", "), node.op->name, fmt::join(inputs, ", "));
    if (!attrs.empty()) text += fmt::format(" {{{}}}", fmt::join(attrs, ", "));
    if (!node.layer.empty()) text += "  # " + node.layer;
    text += '\n';
  }
  for (const GraphOutput& output : graph.outputs()) {
    text += fmt::format("output {} \"{}\"\n", value_text(graph, output.value), output.name);
  }
  return text;
}

}  // namespace cornu::ir
