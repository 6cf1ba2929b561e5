// How a Keras layer becomes ops: LayerDef (one per file of this folder), and what its lower() works with.
#pragma once

#include <array>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/fail.h"
#include "ir/builder.h"
#include "layers/config.h"

namespace cornu::layers {

using ir::GraphBuilder;
using ir::Value;

struct LayerDef;

// Which Keras wrote the file; numbers depend on it (hard_sigmoid, GRU, kernel order).
struct Dialect {
  int keras_major = 3;        // 1, 2 (Keras 2 and tf.keras) or 3
  std::string keras_version;  // as recorded, may be empty
  std::string backend;        // "theano", "tensorflow", ...; may be empty
};

// One weight of a layer. Lowering makes the slot; the importer binds it to a tensor of the file afterwards.
struct WeightSlot {
  std::string name;  // Keras's name without scope: "kernel"
  Shape shape;
  bool trainable = true;
  Value value;         // in the graph; unbound until the importer calls Graph::make_constant
  std::string origin;  // where the bound tensor came from, for messages
};

// A layer of the config, at one place of the model tree. Calls of a shared layer use one instance.
struct LayerInstance {
  LayerInstance(const LayerDef& d, std::string cls, std::string nm, Json json)
      : def(d), class_name(std::move(cls)), name(nm), config(std::move(json), nm) {}

  const LayerDef& def;
  std::string class_name;  // as the file says, without module
  std::string name;
  LayerConfig config;
  bool trainable = true;
  LayerInstance* parent = nullptr;
  std::string attribute;  // the parent's attribute that holds it: "layers" (a list), "forward_layer", "cell"
  std::vector<int64_t> output_shape;  // of the first call's first output; -1 unknown
  std::vector<std::string> inbound;   // layers that feed its first call, where the config tells
  std::vector<WeightSlot> weights;    // in Keras's order of creation
  std::vector<std::unique_ptr<LayerInstance>> children;  // in Keras's order
};

// A call's argument as the config nests it.
struct Argument {
  enum class Kind { tensor, literal, list, dict };
  Kind kind = Kind::literal;
  Value value;                    // tensor
  Value mask;                     // tensor: its Keras mask, or invalid
  Json literal;                   // literal: number, string, null, ...
  std::vector<Argument> items;    // list, dict
  std::vector<std::string> keys;  // dict
};

struct CallArguments {
  std::vector<Argument> positional;
  std::vector<std::pair<std::string, Argument>> keyword;
};

// One call of a layer: everything lower() may use. References live during the call.
struct LayerCall {
  LayerInstance& layer;
  const LayerConfig& config;  // layer.config
  const Dialect& dialect;
  GraphBuilder& g;
  std::vector<Value> in;     // all tensors of the arguments, flattened in order; cast to the compute dtype
  std::vector<Value> masks;  // per input; invalid where there is no mask
  const CallArguments& arguments;  // the same as the config nests them, with literals
  DType compute_dtype = DType::float32;
  DType variable_dtype = DType::float32;  // of the weights: differs from compute_dtype under mixed policies
  std::vector<Value> out_masks;           // set by layers that make masks; else `supports_masking` decides

  // The slot's value in the compute dtype; the slot is made on the layer's first call. Order of calls =
  // Keras's order.
  Value weight(std::string name, const Shape& shape, bool trainable = true);
  // The same in the dtype of the stored variable.
  Value variable(std::string name, const Shape& shape, bool trainable = true);
  // A sub-layer held in an attribute (Keras's attribute name, without leading underscores); made on the first
  // call. `config` is a serialized layer ({"class_name": ..., "config": ...}).
  LayerInstance& child(const std::string& attribute, const Json& serialized);
  // Calls a sub-layer on tensors.
  std::vector<Value> call_child(LayerInstance& child, std::vector<Value> inputs,
                                std::vector<Value> masks = {});
  // Applies the activation that the config names; x itself for null, absent and "linear".
  Value activate(Value x, Keys keys = {"activation"});
  Value activate(Value x, const Json& activation, std::string_view key = "activation");

  // Throws bad_config or bad_shape with where = the layer's name.
  template <class... Args>
  [[noreturn]] void fail(ErrorCode code, fmt::format_string<Args...> format, Args&&... args) const {
    throw Error(code, fmt::format(format, std::forward<Args>(args)...), layer.name);
  }
  // Throws bad_shape unless there are exactly `count` inputs; the only way lower() should index `in`.
  void expect_inputs(size_t count) const;
  // Throws bad_shape unless input 0 has `rank` axes.
  void expect_rank(int rank) const;
};

// Weights of an old file on the way to a layer's slots, to be reordered, reshaped or transposed in place.
struct StoredWeight {
  std::string name;
  Tensor tensor;
};
struct LegacyWeights {
  const LayerInstance& layer;
  const Dialect& dialect;
  std::vector<StoredWeight>& stored;  // in file order; must end in the order and shapes of layer.weights
};

struct LayerDef {
  std::array<std::string_view, 8>
      keras_names;  // class names of all Keras versions, today's first; the rest empty
  std::vector<Value> (*lower)(LayerCall& call) = nullptr;
  bool supports_masking = false;  // passes its first input's mask on
  bool mask_is_input = false;  // a `mask` argument is an operand of the function, not the mask of its input
  bool autocast = true;  // floating-point inputs are cast to the compute dtype, as Keras does for most layers
  // Adapts stored weights whose order or layout differs from the slots'; null: they are equal. Called for
  // every file generation, so it must leave weights alone that fit already.
  void (*from_legacy)(LegacyWeights& weights) = nullptr;
};

// The layer of a Keras class name ("Conv2D", "Convolution2D"); null if there is none.
const LayerDef* find_layer(std::string_view class_name);
struct LayerEntry {
  std::string_view unit;  // file name, "conv2d"
  const LayerDef* def;
};
std::span<const LayerEntry> all_layers();

// Makes an instance of a serialized layer. Throws unsupported for an unknown class, bad_config for a
// malformed object.
std::unique_ptr<LayerInstance> make_instance(const Json& serialized, LayerInstance* parent,
                                             std::string attribute);

// Runs def.lower with the dtype policy, masks and unread-key check applied. Throws what lower throws, within
// the layer.
struct CallResult {
  std::vector<Value> out;
  std::vector<Value> masks;
};
CallResult call_layer(LayerInstance& layer, const CallArguments& arguments, const Dialect& dialect,
                      GraphBuilder& g);

// A tensor view with another shape of equally many elements. For from_legacy.
Tensor reshaped(const Tensor& tensor, const Shape& shape);
// A copy with permuted axes. For from_legacy: the copy is a derived weight.
Tensor transposed(const Tensor& tensor, const Ints& permutation);

}  // namespace cornu::layers

// Opens the one definition of a layer file: CORNU_LAYER(leaky_relu) = {.keras_names = {"LeakyReLU"}, .lower =
// lower};
#define CORNU_LAYER(unit)             \
  extern const LayerDef layer_##unit; \
  const LayerDef layer_##unit
