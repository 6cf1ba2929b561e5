// Reverse mode over a graph: the gradient of a scalar as more nodes of the same graph. Each file of train/gradients tells
// the gradients of one op or family of ops.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "ir/builder.h"

namespace cornu::train {

using ir::GraphBuilder;
using ir::Value;

// One node whose gradient is asked for. All shapes are known.
struct GradientCall {
  GraphBuilder& g;
  const ir::Node& node;
  std::vector<Value> dy;     // of each output; invalid where the result does not depend on it
  std::vector<bool> wanted;  // per input
  std::vector<Value> dx;     // of each input; invalid is zero

  Value x(size_t i = 0) const { return node.inputs.at(i); }
  Value y(size_t i = 0) const { return node.outputs.at(i); }
  Shape shape(Value value) const { return g.shape(value); }  // a copy: nodes that are added move the graph's
  bool wants(size_t i) const { return i < wanted.size() && wanted[i]; }
  // Sets the gradient of input i, summed over the axes along which the input was broadcast.
  void give(size_t i, Value gradient);
};

// Adds nodes for dx where the input is wanted.
using GradientFn = void (*)(GradientCall& call);

struct GradientDef {
  std::string_view op;
  GradientFn fn = nullptr;  // null: constant almost everywhere, the gradient is zero
};

// Null if the op has none.
const GradientDef* find_gradient(std::string_view op);
// All, sorted by op.
std::vector<GradientDef> all_gradients();

// The gradients of the scalar `y` to each of `wrt`, in their types; zeros where y does not depend on one.
// Throws     unsupported that names every op on the way without a gradient; internal unless y is a floating-point scalar
std::vector<Value> gradients(GraphBuilder& g, Value y, std::span<const Value> wrt);

// `gradient`, of a shape that `shape` broadcasts to, summed to `shape`.
Value sum_to(GraphBuilder& g, Value gradient, const Shape& shape);
// Zeros, or another number, of the type and shape of `like`.
Value filled_like(GraphBuilder& g, Value like, double value);

}  // namespace cornu::train

// Opens the one definition of a file of train/gradients: CORNU_GRADIENTS(concat) = {{"concat", concat}};
#define CORNU_GRADIENTS(unit)                             \
  extern const std::vector<GradientDef> gradients_##unit; \
  const std::vector<GradientDef> gradients_##unit
