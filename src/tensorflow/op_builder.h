// OpBuilder: how TensorFlow nodes become IR ops: ir::GraphBuilder's words, and folding while writing.
#pragma once

#include <functional>
#include <initializer_list>
#include <optional>
#include <string_view>
#include <vector>

#include "dynamic/dynamic_op.h"
#include "ir/graph.h"

namespace cornu::tensorflow {

using ir::Value;

class OpBuilder {
 public:
  // What an op gives when all of its inputs are known (for ops that look at shapes only: of a known shape, and without
  // data); nothing: the op is added to the graph.
  using Folder =
      std::function<std::optional<std::vector<Tensor>>(const ir::Node& node, std::vector<Tensor> inputs)>;

  OpBuilder(ir::Graph& graph, Folder folder) : graph_(graph), folder_(std::move(folder)) {}

  ir::Graph& graph() { return graph_; }
  const Shape& shape(Value value) const { return graph_.type(value).shape; }
  DType dtype(Value value) const { return graph_.type(value).dtype; }
  int rank(Value value) const { return shape(value).rank(); }
  bool typed(Value value) const { return dynamic::is_typed(graph_, value); }
  // The value of a constant, or of what has folded; null for others.
  const Tensor* known(Value value) const { return graph_.constant(value); }

  // An op's only output; all outputs. Throws bad_shape; internal if there is no such op.
  Value op(std::string_view name, std::initializer_list<Value> inputs, Attrs attrs = {});
  Value op(std::string_view name, std::vector<Value> inputs, Attrs attrs = {});
  std::vector<Value> multi_op(std::string_view name, std::vector<Value> inputs, Attrs attrs = {});
  std::vector<Value> add(const ir::OpDef& op, std::vector<Value> inputs, Attrs attrs = {});
  // A dynamic op whose outputs have these types, as far as they are known.
  std::vector<Value> dynamic_op(std::string_view name, std::vector<Value> inputs,
                                const std::vector<dynamic::MaybeType>& types, Attrs attrs = {});

  Value constant(Tensor tensor) { return graph_.add_constant(std::move(tensor)); }
  Value object(VariantPtr object) { return constant(variant_tensor({std::move(object)})); }
  Value scalar(double value, DType dtype = DType::float32) { return constant(cornu::scalar(value, dtype)); }
  Value scalar_like(double value, Value like) { return scalar(value, dtype(like)); }

  Value cast(Value x, DType dtype);                   // x itself if it has the type
  Value transpose(Value x, const Ints& permutation);  // x itself for the identity
  Value reshape(Value x, const Ints& dims);           // -1 once: inferred; 0: copied from the same axis of x

 private:
  std::optional<std::vector<Value>> fold(const ir::Node& node);

  ir::Graph& graph_;
  Folder folder_;
};

// Folds what gives small tensors, with reference kernels.
OpBuilder::Folder constant_folder();

}  // namespace cornu::tensorflow
