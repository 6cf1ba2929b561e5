#include "train/gradient.h"

#include <fmt/ranges.h>

#include <set>

#include "base/fail.h"

namespace cornu::train {
namespace {

size_t at(Value value) {
  return static_cast<size_t>(value.id);
}

// Per value, whether it depends on one of `wrt` through floating-point values.
std::vector<bool> dependents(const ir::Graph& graph, std::span<const Value> wrt, size_t nodes) {
  std::vector<bool> depends(graph.values().size(), false);
  for (Value value : wrt) depends[at(value)] = true;
  for (size_t i = 0; i < nodes; ++i) {
    const ir::Node& node = graph.nodes()[i];
    const GradientDef* def = find_gradient(node.op->name);
    if (def != nullptr && def->fn == nullptr) continue;
    bool any = false;
    for (Value value : node.inputs) any = any || depends[at(value)];
    for (Value value : node.outputs) depends[at(value)] = any && dtype_is_floating(graph.type(value).dtype);
  }
  return depends;
}

// Those of the nodes that lie between `wrt` and y and have no gradient, each op once.
std::set<std::string> missing(const ir::Graph& graph, const std::vector<bool>& depends, Value y,
                              size_t nodes) {
  std::vector<bool> reaches(graph.values().size(), false);
  reaches[at(y)] = true;
  std::set<std::string> ops;
  for (size_t i = nodes; i-- > 0;) {
    const ir::Node& node = graph.nodes()[i];
    bool any = false;
    for (Value value : node.outputs) any = any || (reaches[at(value)] && depends[at(value)]);
    if (!any) continue;
    if (find_gradient(node.op->name) == nullptr)
      ops.insert(fmt::format("{} (of layer '{}')", node.op->name, node.layer));
    for (Value value : node.inputs) reaches[at(value)] = true;
  }
  return ops;
}

}  // namespace

void GradientCall::give(size_t i, Value gradient) {
  dx[i] = sum_to(g, gradient, shape(node.inputs[i]));
}

Value sum_to(GraphBuilder& g, Value gradient, const Shape& shape) {
  const Shape from = g.shape(gradient);
  if (from == shape) return gradient;
  const int extra = from.rank() - shape.rank();
  Ints axes;
  for (int axis = 0; axis < from.rank(); ++axis) {
    if (axis < extra || shape[axis - extra] != from[axis]) axes.push_back(axis);
  }
  const Value sum =
      axes.empty() ? gradient : g.op("reduce_sum", {gradient}, {{"axes", axes}, {"keepdims", false}});
  return g.shape(sum) == shape ? sum : g.reshape(sum, Ints(shape.begin(), shape.end()));
}

Value filled_like(GraphBuilder& g, Value like, double value) {
  const Shape shape = g.shape(like);
  const Value one = g.scalar_like(value, like);
  return shape.rank() == 0 ? one : g.op("broadcast_to", {one}, {{"shape", Ints(shape.begin(), shape.end())}});
}

std::vector<Value> gradients(GraphBuilder& g, Value y, std::span<const Value> wrt) {
  ir::Graph& graph = g.graph();
  if (g.rank(y) != 0 || !dtype_is_floating(g.dtype(y)))
    fail(ErrorCode::internal, "gradients", "the result is no scalar but {}", g.shape(y).to_string());
  const size_t nodes = graph.nodes().size();
  const std::vector<bool> depends = dependents(graph, wrt, nodes);
  if (const auto ops = missing(graph, depends, y, nodes); !ops.empty()) {
    fail(ErrorCode::unsupported, "fit", "training needs gradients that Cornu does not have: {}",
         fmt::join(ops, ", "));
  }
  std::vector<Value> sums(graph.values().size());
  const auto add = [&](Value value, Value gradient) {
    Value& sum = sums[at(value)];
    sum = sum.valid() ? g.op("add", {sum, gradient}) : gradient;
  };
  add(y, g.scalar_like(1, y));
  for (size_t i = nodes; i-- > 0;) {
    const ir::Node node = graph.nodes()[i];  // a copy: adding nodes moves the list
    GradientCall call{g, node, {}, {}, std::vector<Value>(node.inputs.size())};
    bool any = false;
    for (Value value : node.outputs) {
      call.dy.push_back(depends[at(value)] ? sums[at(value)] : Value{});
      any = any || call.dy.back().valid();
    }
    if (!any) continue;
    for (Value value : node.inputs) call.wanted.push_back(depends[at(value)]);
    graph.set_layer(node.layer);
    find_gradient(node.op->name)->fn(call);
    for (size_t k = 0; k < node.inputs.size(); ++k) {
      if (call.wanted[k] && call.dx[k].valid()) add(node.inputs[k], call.dx[k]);
    }
  }
  graph.set_layer("");
  std::vector<Value> results;
  for (Value value : wrt)
    results.push_back(sums[at(value)].valid() ? sums[at(value)] : filled_like(g, value, 0));
  return results;
}

}  // namespace cornu::train
