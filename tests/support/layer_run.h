// Runs one serialized layer on tensors: for layers that no installed Keras can make goldens of.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "layers/layer.h"
#include "support/graph_run.h"

namespace cornu::test {

// The outputs of the layer, called on one list of the inputs (or on the one input). Weights by name; `keyword` holds
// literal arguments by name as JSON text.
inline std::vector<std::vector<double>> run_layer(const std::string& serialized,
                                                  const std::vector<Tensor>& inputs,
                                                  const std::map<std::string, Tensor>& weights = {},
                                                  int keras_major = 1,
                                                  const std::map<std::string, std::string>& keyword = {}) {
  ir::Graph graph;
  ir::GraphBuilder g(graph);
  const auto layer = layers::make_instance(Json::parse(serialized, "test"), nullptr, "");
  layers::Argument first{layers::Argument::Kind::list, {}, {}, {}, {}, {}};
  for (size_t i = 0; i < inputs.size(); ++i) {
    const ir::Value value =
        graph.add_input("x" + std::to_string(i), inputs[i].dtype, inputs[i].shape.with(0, Shape::kUnknown));
    first.items.push_back({layers::Argument::Kind::tensor, value, {}, {}, {}, {}});
  }
  layers::CallArguments arguments;
  arguments.positional.push_back(inputs.size() == 1 ? first.items[0] : first);
  for (const auto& [name, text] : keyword) {
    arguments.keyword.emplace_back(
        name, layers::Argument{layers::Argument::Kind::literal, {}, {}, Json::parse(text, name), {}, {}});
  }
  const layers::Dialect dialect{keras_major, "", ""};
  for (ir::Value y : layers::call_layer(*layer, arguments, dialect, g).out) graph.add_output("y", y);
  for (const layers::WeightSlot& slot : layer->weights)
    graph.make_constant(slot.value, weights.at(slot.name));
  return run_graph(graph, inputs);
}

inline Tensor floats(const std::vector<float>& values, const Shape& shape) {
  return tensor_of(values, shape);
}

}  // namespace cornu::test
