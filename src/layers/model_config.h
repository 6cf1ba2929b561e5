// What a Functional or Sequential config says about its inputs; used by both layers and by the importer.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/shape.h"
#include "cornu/dtype.h"

namespace cornu::layers {

struct ModelInput {
  std::string name;  // the input layer's name, or Keras's "<first layer>_input"
  DType dtype = DType::float32;
  Shape shape;  // with the batch axis; unknown sizes are Shape::kUnknown
};

// The inputs of a serialized model ({"class_name": "Functional" | "Model" | "Sequential" | ..., "config":
// ...}) in call order. Throws bad_config if the config does not tell them.
std::vector<ModelInput> model_inputs(const Json& serialized);

// One per output of a model, in order: the names Keras gives them (output layer, or dict key).
std::vector<std::string> model_output_names(const Json& serialized);

// A reference to a tensor of the model graph: [layer name, node index, tensor index].
struct TensorRef {
  std::string layer;
  int64_t node = 0;
  int64_t tensor = 0;
  std::string key;  // of the dict that holds it, or empty
};

// Whether the JSON is [string, integer, integer, ...].
bool is_tensor_ref(const Json& json);
// All references of an `input_layers` / `output_layers` structure, flattened as Keras does: lists in order,
// dicts by sorted key.
std::vector<TensorRef> flatten_refs(const Json& structure);

// Whether the class is a graph of layers: "Functional", "Model".
bool is_functional(std::string_view class_name);
// The number, 0 or 1, that references give a layer's first call: a nested model may count its own creation as 0.
//   calls          how many calls the config lists
//   counts_itself  the layer is a graph of layers, and its references are of the kind that may count so
//   references     the numbers that refer to it; one beyond the calls needs 1, one to 0 needs 0
int64_t first_call_number(int64_t calls, bool counts_itself, const std::vector<int64_t>& references);

// Layers of a Sequential config: the config itself (Keras <= 2.2.2) or its member "layers".
Json sequential_layers(const Json& config);

}  // namespace cornu::layers
