// TensorFlow ops in the graphs of Keras models: what keras.ops and TFOpLambda have beyond the ops of src/ops.
#pragma once

#include <string>
#include <vector>

#include "layers/layer.h"

namespace cornu::layers {

// Attributes of a node, as a NodeDef holds them.
class NodeAttributes {
 public:
  NodeAttributes& flag(std::string_view name, bool value);
  NodeAttributes& integer(std::string_view name, int64_t value);
  NodeAttributes& number(std::string_view name, double value);
  NodeAttributes& text(std::string_view name, std::string_view value);
  NodeAttributes& type(std::string_view name, DType value);
  const std::string& bytes() const { return bytes_; }

 private:
  void add(std::string_view name, const std::string& value);
  std::string bytes_;  // of a NodeDef
};

// The outputs of a TensorFlow op. `types`, one for each output: what is known of them when the op needs concrete tensors;
// the model then runs on the dynamic executor. Throws internal if src/tensorflow has no such op.
std::vector<Value> tensorflow_op(GraphBuilder& g, std::string_view op, std::vector<Value> in,
                                 const NodeAttributes& attributes, const std::vector<TensorType>& types);
// The same for an op with one output.
Value tensorflow_value(GraphBuilder& g, std::string_view op, std::vector<Value> in, const TensorType& type,
                       const NodeAttributes& attributes = {});

}  // namespace cornu::layers
