// Keras config + weights -> Graph.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "formats/model_file.h"
#include "ir/graph.h"
#include "layers/import_scope.h"
#include "layers/model_config.h"

namespace cornu::import {

struct WeightBytes {
  int64_t total = 0;     // bytes of all weights of the model
  int64_t in_place = 0;  // of these, used where they lie in the mapped file
};

// A model as read: its graph with every weight bound, and what inspection wants to know.
struct KerasModel {
  ir::Graph graph;
  std::string name;
  std::string class_name;  // "Functional", "Sequential", ...
  layers::Dialect dialect;
  std::unique_ptr<layers::LayerInstance> root;  // the layer tree
  std::vector<layers::ModelInput> inputs;
  WeightBytes weight_bytes;
  std::unordered_map<const layers::LayerInstance*, layers::ImportScope::Shapes> shapes;
  std::vector<std::shared_ptr<const CustomCall>> custom_calls;  // the graph refers to them
  std::vector<ir::Value> output_masks;                          // per output; invalid without a mask
  std::optional<layers::Training> training;                     // of import_step
  std::unordered_map<const layers::LayerInstance*, std::vector<std::string>>
      weight_paths;                                              // of custom layers
  std::unordered_set<const layers::LayerInstance*> built_alone;  // see ImportScope
  // Of stateful layers. The graph has an input for each, behind those of the model.
  std::vector<layers::ImportScope::State> states;
};

// Builds the graph of file.config (or of `config`, when not empty, a Keras JSON model config) and binds the
// file's weights. Throws bad_config (where: layer), unsupported, bad_shape, bad_file (a weight is missing, or
// one too many), and what `custom_objects` throw.
KerasModel import_keras(const formats::ModelFile& file, const std::string& path,
                        const std::string& config = {}, const CustomObjects* custom_objects = nullptr);

// A model without a file: `config` with `weights` in the order of the layer tree, each layer's own first.
//   weights  of the shapes that the layers need, in any number type; empty: all are zero
// Throws     as import_keras; bad_shape (where: layer) for a count or shape that does not fit
KerasModel import_config(const std::string& config, std::span<const Tensor> weights,
                         const CustomObjects* custom_objects = nullptr);

// The model of a config for inputs of these shapes, its weights not bound, as one step of training or evaluation runs it;
// KerasModel::training tells what else happens then. The graph's last input is the seed. Throws as import_keras; bad_shape for
// inputs that do not fit.
KerasModel import_step(const std::string& config, std::span<const Shape> inputs, bool training,
                       const CustomObjects* custom_objects = nullptr);

// The weights of a layer and all below it, in the order of Keras's `weights` of the tree: each layer's own first.
struct OwnedSlot {
  layers::LayerInstance* layer;
  layers::WeightSlot* weight;
};
std::vector<OwnedSlot> weight_slots(layers::LayerInstance& root);

// The serialized model of a Keras JSON config, without what may be wrapped around it. Throws bad_config.
Json parse_config(const std::string& text, const std::string& where);

// Binds each weight slot of the tree to its tensor of the file. Exposed for tests.
WeightBytes bind_weights(const formats::ModelFile& file, const std::string& path, KerasModel& model);

}  // namespace cornu::import
