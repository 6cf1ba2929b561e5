#include "dynamic/dynamic_op.h"

namespace cornu::dynamic {

std::vector<Tensor> run_nodes(Host& host, const ir::Graph& graph, std::vector<Tensor> inputs,
                              std::span<const ir::Value> wanted) {
  std::vector<Tensor> values(graph.values().size());
  const auto place = [&](ir::Value value) -> Tensor& { return values[static_cast<size_t>(value.id)]; };
  for (size_t i = 0; i < values.size(); ++i) {
    if (graph.values()[i].is_constant) values[i] = graph.values()[i].constant;
  }
  for (size_t i = 0; i < inputs.size(); ++i) place(graph.inputs()[i].value) = std::move(inputs[i]);
  for (const ir::Node& node : graph.nodes()) {
    std::vector<Tensor> in;
    for (ir::Value value : node.inputs) in.push_back(place(value));
    std::vector<Tensor> out = host.run_op(node, std::move(in));
    for (size_t k = 0; k < node.outputs.size() && k < out.size(); ++k)
      place(node.outputs[k]) = std::move(out[k]);
  }
  std::vector<Tensor> results;
  for (ir::Value value : wanted) results.push_back(place(value));
  return results;
}

}  // namespace cornu::dynamic
