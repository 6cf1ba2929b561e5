// GraphBuilder: how layers and importers write ops.
#pragma once

#include <initializer_list>
#include <string_view>

#include "ir/graph.h"

namespace cornu::ir {

// Thin; holds a reference to the graph it writes.
class GraphBuilder {
 public:
  explicit GraphBuilder(Graph& graph) : graph_(graph) {}

  Graph& graph() { return graph_; }
  const Shape& shape(Value value) const { return graph_.type(value).shape; }
  DType dtype(Value value) const { return graph_.type(value).dtype; }
  int rank(Value value) const { return shape(value).rank(); }

  // The single output of an op. Throws bad_shape; internal if there is no such op.
  Value op(std::string_view name, std::initializer_list<Value> inputs, Attrs attrs = {});
  Value op(std::string_view name, std::vector<Value> inputs, Attrs attrs = {});
  std::vector<Value> multi_op(std::string_view name, std::vector<Value> inputs, Attrs attrs = {});

  Value constant(Tensor tensor) { return graph_.add_constant(std::move(tensor)); }
  Value scalar(double value, DType dtype = DType::float32) { return constant(cornu::scalar(value, dtype)); }
  // A scalar of the dtype of `like`.
  Value scalar_like(double value, Value like) { return scalar(value, dtype(like)); }

  // Shorthands for ops that nearly every layer uses.
  Value cast(Value x, DType dtype);                   // x itself if it has the type
  Value transpose(Value x, const Ints& permutation);  // x itself for the identity
  // `dims` may hold -1 once (inferred) and 0 (copied from the same axis of x).
  Value reshape(Value x, const Ints& dims);

 private:
  Graph& graph_;
};

}  // namespace cornu::ir
