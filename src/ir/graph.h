// Graph: a list of nodes in execution order (every input is made by an earlier node).
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "ir/op_def.h"

namespace cornu::ir {

// Names one tensor of one graph: an index into Graph::values(). Default: no tensor.
struct Value {
  int32_t id = -1;
  bool valid() const { return id >= 0; }
  bool operator==(const Value&) const = default;
};

struct ValueInfo {
  TensorType type;
  int32_t node = -1;   // producer, or -1 for a graph input or constant
  int32_t output = 0;  // which output of the producer
  Tensor constant;     // set for constants
  bool is_constant = false;
};

struct Node {
  const OpDef* op = nullptr;
  Attrs attrs;
  std::vector<Value> inputs;
  std::vector<Value> outputs;
  std::string layer;  // the Keras layer or graph node it comes from, for messages and profiles
};

struct GraphInput {
  std::string name;
  Value value;
};
using GraphOutput = GraphInput;

class Graph {
 public:
  Value add_input(std::string name, DType dtype, const Shape& shape);
  // A tensor without data is a weight to be bound later through make_constant.
  Value add_constant(Tensor tensor);
  // Runs the shape rule. Throws bad_shape (where = current layer) or internal for an unknown op.
  std::vector<Value> add_node(const OpDef& op, std::vector<Value> inputs, Attrs attrs);
  void add_output(std::string name, Value value) { outputs_.push_back({std::move(name), value}); }

  const ValueInfo& info(Value value) const { return values_[static_cast<size_t>(value.id)]; }
  const TensorType& type(Value value) const { return info(value).type; }
  // The bytes of a constant; null for other values and for a weight that is not bound yet.
  const Tensor* constant(Value value) const {
    const ValueInfo& i = info(value);
    return i.is_constant && i.constant.valid() ? &i.constant : nullptr;
  }

  const std::vector<Node>& nodes() const { return nodes_; }
  const std::vector<ValueInfo>& values() const { return values_; }
  const std::vector<GraphInput>& inputs() const { return inputs_; }
  const std::vector<GraphOutput>& outputs() const { return outputs_; }

  // The layer that nodes added from now on belong to.
  void set_layer(std::string layer) { layer_ = std::move(layer); }
  const std::string& layer() const { return layer_; }

  // For passes.
  std::vector<Node>& mutable_nodes() { return nodes_; }
  void make_constant(Value value, Tensor tensor);         // the value's producer no longer matters
  void replace_uses(Value from, Value to);                // in nodes and outputs
  void replace_outputs(std::function<Value(Value)> map);  // of the graph
  std::vector<int32_t> count_uses() const;                // per value: by nodes and graph outputs
  void remove_nodes(const std::vector<bool>& dead);       // per node; order is kept
  // Builds a node at the end of nodes(); sort() restores execution order after insertions.
  void sort();

 private:
  Value new_value(TensorType type, int32_t node, int32_t output);

  std::vector<Node> nodes_;
  std::vector<ValueInfo> values_;
  std::vector<GraphInput> inputs_;
  std::vector<GraphOutput> outputs_;
  std::string layer_;
};

// Infers the output types of one node from its inputs' types. Throws bad_shape with where = node.layer.
std::vector<TensorType> infer_types(const Node& node, std::span<const TensorType> in,
                                    std::span<const Tensor* const> constants);

// Throws internal if an invariant is broken: order, ids, types, arity. Run after each pass in tests and debug
// builds.
void verify(const Graph& graph);

// One line per node: "%3:f32(None, 8) = relu(%2) {…}". For tests and `--explain`.
std::string print(const Graph& graph);

}  // namespace cornu::ir
