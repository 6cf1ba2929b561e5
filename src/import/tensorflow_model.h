// TensorFlow graph + what is beside it -> Graph.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "formats/model_file.h"
#include "import/keras_model.h"
#include "tensorflow/importer.h"

namespace cornu::import {

// An input or output as the model declares it; `shape` has no value if not even the rank is known.
struct TensorflowPort {
  std::string name;
  DType dtype = DType::float32;
  tensorflow::MaybeShape shape;
};

struct TensorflowOptions {
  std::vector<std::string>
      outputs;  // of a graph without signatures: tensor names; empty: what no other node uses
  std::vector<std::string>
      feeds;  // names that may be fed; those that the graph has become inputs, the rest is ignored
};

struct TensorflowModel {
  ir::Graph graph;
  // The graph again, for inputs of these types: more of it is known then. Thread safe; keeps what it needs alive.
  std::function<ir::Graph(std::span<const TensorType> inputs)> specialise;
  std::vector<TensorflowPort> inputs;
  std::vector<TensorflowPort> outputs;
  std::shared_ptr<dynamic::State> state;
  WeightBytes weight_bytes;
};

// What importing for inputs of these types asks for.
tensorflow::Request with_types(tensorflow::Request request, std::span<const TensorType> inputs);

// Bytes of the constants of a graph, each once; with `variables`, of those among them and of what lies in a mapped file.
WeightBytes count_weights(const ir::Graph& graph, std::span<const formats::NamedTensor> variables = {});

// A frozen graph (file.graph is a GraphDef). Throws what tensorflow::import_graph throws.
TensorflowModel import_graph_def(const formats::ModelFile& file, const std::string& path,
                                 const TensorflowOptions& options);

}  // namespace cornu::import
