// Follows an integer vector of the graph back to constants and to the sizes of tensors it was made from, so
// that reshape(x, [shape(x)[0], -1]) keeps the shape of x known. See trace_sizes in operators.h.
#include <algorithm>

#include "layers/operators.h"

namespace cornu::layers {
namespace {

using Sizes = std::vector<OperatorCall::Size>;

constexpr int kMaxSteps = 16;  // nodes on the way; real chains have four or five

std::optional<Sizes> trace(const ir::Graph& graph, Value value, int steps);

std::optional<Sizes> trace_node(const ir::Graph& graph, const ir::Node& node, int steps) {
  const std::string_view op = node.op->name;
  const auto first = [&] { return trace(graph, node.inputs[0], steps + 1); };
  if (op == "shape") {
    const Shape& shape = graph.type(node.inputs[0]).shape;
    Sizes out;
    for (int axis = 0; axis < shape.rank(); ++axis) {
      const bool known = shape[axis] != Shape::kUnknown;
      out.push_back({shape[axis], known ? Value{} : node.inputs[0], known ? -1 : axis});
    }
    return out;
  }
  if (op == "cast" || op == "expand_dims" || op == "squeeze" || op == "identity" || op == "reshape")
    return first();
  if (op == "concat") {
    Sizes out;
    for (Value input : node.inputs) {
      const auto part = trace(graph, input, steps + 1);
      if (!part) return std::nullopt;
      out.insert(out.end(), part->begin(), part->end());
    }
    return out;
  }
  if (op == "strided_slice" && graph.type(node.inputs[0]).shape.rank() == 1) {
    const auto whole = first();
    if (!whole || node.inputs.size() != 1 || node.attrs.ints("begin").size() != 1) return std::nullopt;
    const auto count = static_cast<int64_t>(whole->size());
    const auto counted = [&](int64_t index) {
      return std::clamp<int64_t>(index < 0 ? index + count : index, 0, count);
    };
    const auto unset = [&](const char* name) {
      const Ints flags = node.attrs.ints(name, Ints{});
      return flags.size() == 1 && flags[0] != 0;
    };
    if (unset("new_axis") || node.attrs.ints("strides", Ints{1})[0] != 1) return std::nullopt;
    const int64_t begin = unset("begin_absent") ? 0 : counted(node.attrs.ints("begin")[0]);
    const int64_t end = unset("drop_axis")    ? begin + 1
                        : unset("end_absent") ? count
                                              : counted(node.attrs.ints("end")[0]);
    if (begin > end || end > count) return std::nullopt;
    return Sizes(whole->begin() + begin, whole->begin() + end);
  }
  return std::nullopt;
}

std::optional<Sizes> trace(const ir::Graph& graph, Value value, int steps) {
  if (steps > kMaxSteps || graph.type(value).shape.rank() > 1) return std::nullopt;
  if (const Tensor* constant = graph.constant(value)) {
    if (!constant->valid() || !dtype_is_integer(constant->dtype) ||
        constant->shape.elements() > Shape::kMaxRank)
      return std::nullopt;
    Sizes out;
    for (int64_t size : to_ints(*constant)) out.push_back({size, {}, -1});
    return out;
  }
  const int32_t node = graph.info(value).node;
  if (node < 0) return std::nullopt;
  return trace_node(graph, graph.nodes()[static_cast<size_t>(node)], steps);
}

}  // namespace

std::optional<Sizes> trace_sizes(GraphBuilder& g, Value value) {
  return trace(g.graph(), value, 0);
}

}  // namespace cornu::layers
