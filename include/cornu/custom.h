// Custom objects: layers, activations and functions that a caller brings for names of a model's config.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "cornu/tensor.h"

namespace cornu {

// An element type and sizes; -1 is a free size.
struct ArrayType {
  DType dtype = DType::float32;
  std::vector<int64_t> shape;
};

// Where a call writes an output: contiguous, row-major.
struct OutputArray {
  DType dtype = DType::float32;
  std::vector<int64_t> shape;
  std::byte* data = nullptr;
};

// Computes one call of a custom object in a model. Its methods may be called from several threads at a time.
// What they throw reaches the caller of load() or predict().
class CustomCall {
 public:
  virtual ~CustomCall() = default;
  // Types of the outputs. Where every size of the inputs is known, every size of the outputs must be.
  //   inputs  the call's tensors, then the layer's weights
  virtual std::vector<ArrayType> infer(std::span<const ArrayType> inputs) const = 0;
  // Fills the outputs, whose types are those that infer() gave. Inputs may be misaligned.
  virtual void run(std::span<const Array> inputs, std::span<const OutputArray> outputs) const = 0;
};

// An argument of a call as the config nests it.
struct CustomArgument {
  enum class Kind { input, literal, list, dict };
  Kind kind = Kind::literal;
  size_t input = 0;                   // input: its place among the inputs
  std::string literal = "null";       // literal: JSON text
  std::vector<CustomArgument> items;  // list, dict
  std::vector<std::string> keys;      // dict, one for each item
};
struct CustomArguments {
  std::vector<CustomArgument> positional;
  std::vector<std::pair<std::string, CustomArgument>> keyword;
};

// A weight of a custom layer; its element type is the layer's.
struct CustomWeight {
  std::string name;
  std::vector<int64_t> shape;
  bool trainable = true;
  std::string
      path;  // where Keras 3 stores it below the layer: "attention/query_dense/vars/0"; empty: "vars/" and its number
};

// A custom layer or function at one place of a model.
class CustomLayer {
 public:
  virtual ~CustomLayer() = default;
  // A Keras class that this one is the same as ("Dropout"); then nothing else is asked. Empty: it computes by itself.
  virtual std::string stands_for() const { return {}; }
  // The weights in the order in which files hold them; asked once, after the first call().
  virtual std::vector<CustomWeight> weights(std::span<const ArrayType> inputs) {
    (void)inputs;
    return {};
  }
  // Whether the mask of the first input is that of the output.
  virtual bool supports_masking() const { return false; }
  // Once for every call of the layer in the model.
  virtual std::shared_ptr<const CustomCall> call(const CustomArguments& arguments) = 0;
};

// What a config says about an object that the caller may have brought.
struct CustomRequest {
  std::string
      name;  // class ("MyLayer"), registered name ("package>MyLayer") or function; for a Lambda its layer's name too
  std::string config;  // JSON text of a layer's config; of a function empty, of a Lambda its `arguments`
  std::string layer;   // the layer that wants it
};

// Makes the object of a request, or null if the caller brings none of that name. Asked before Cornu's own layers.
using CustomObjects = std::function<std::shared_ptr<CustomLayer>(const CustomRequest&)>;

}  // namespace cornu
