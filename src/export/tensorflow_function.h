// The IR of a model as a TensorFlow function.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "export/tensorflow_graph.h"
#include "import/keras_model.h"

namespace cornu::exporting {

struct TfVariable {
  std::string name;  // "conv1/kernel"
  Tensor tensor;
  bool trainable = true;
};

struct TfModel {
  TfFunction function{
      "__inference_serving_default_0"};  // the model's inputs, then one resource for each variable
  std::deque<TfFunction> library;        // bodies of its loops
  std::vector<TfVariable> variables;     // in the order of the layer tree
};

// The outputs as output_0, output_1, ... sorted by these names, which is the order of the function's results: TensorFlow flattens
// dicts so. Inputs are sorted by their names as well.
std::vector<ir::GraphOutput> tensorflow_outputs(const ir::Graph& graph);

//   graph  the model's graph, or the same for any batch (free_batch.h)
// Throws unsupported: every op without a TensorFlow form is listed, with counts.
TfModel tensorflow_model(const import::KerasModel& model, const ir::Graph& graph);

}  // namespace cornu::exporting
