// Values of inputs that a lowering needs, and what is known of sizes before the run.
#include <algorithm>

#include "tensorflow/node_call.h"

namespace cornu::tensorflow {
namespace {

using Partial = NodeCall::PartialInts;

constexpr int kMostSteps = 1000;     // from value to value; shapes that people compute take a few dozen
constexpr int64_t kMaxLength = 256;  // a longer vector holds no sizes

Partial all_known(const Ints& values) {
  return {values, std::vector<bool>(values.size(), true)};
}

std::optional<Partial> walk(const ir::Graph& graph, Value value, int& budget);

// Sizes of a tensor.
Partial of_shape(const Shape& shape) {
  Partial partial;
  for (int64_t size : shape) {
    partial.values.push_back(size);
    partial.known.push_back(size != Shape::kUnknown);
  }
  return partial;
}

std::optional<Partial> of_concat(const ir::Graph& graph, const ir::Node& node, int& budget) {
  Partial all;
  for (Value input : node.inputs) {
    const auto part = walk(graph, input, budget);
    if (!part || graph.type(input).shape.rank() != 1) return std::nullopt;
    all.values.insert(all.values.end(), part->values.begin(), part->values.end());
    all.known.insert(all.known.end(), part->known.begin(), part->known.end());
  }
  return all;
}

std::optional<Partial> of_picked(const Partial& from, const Ints& numbers) {
  Partial picked;
  for (int64_t number : numbers) {
    if (number < 0) number += static_cast<int64_t>(from.values.size());
    if (number < 0 || number >= static_cast<int64_t>(from.values.size())) return std::nullopt;
    picked.values.push_back(from.values[static_cast<size_t>(number)]);
    picked.known.push_back(from.known[static_cast<size_t>(number)]);
  }
  return picked;
}

// x[begin:end:stride] or x[i] of a vector.
std::optional<Partial> of_slice(const ir::Graph& graph, const ir::Node& node, int& budget) {
  const auto from = walk(graph, node.inputs[0], budget);
  if (!from || node.attrs.ints("begin").size() != 1 || node.attrs.ints("new_axis", {0})[0] != 0)
    return std::nullopt;
  const auto size = static_cast<int64_t>(from->values.size());
  const int64_t step = node.attrs.ints("strides", {1})[0];
  int64_t begin = node.attrs.ints("begin")[0];
  if (node.attrs.ints("drop_axis", {0})[0] != 0) return of_picked(*from, {begin});
  if (step != 1) return std::nullopt;
  int64_t end = node.attrs.ints("end")[0];
  const auto bound = [&](int64_t at) { return std::clamp<int64_t>(at < 0 ? at + size : at, 0, size); };
  begin = node.attrs.ints("begin_absent", {0})[0] != 0 ? 0 : bound(begin);
  end = node.attrs.ints("end_absent", {0})[0] != 0 ? size : bound(end);
  Ints numbers;
  for (int64_t at = begin; at < end; ++at) numbers.push_back(at);
  return of_picked(*from, numbers);
}

std::optional<Partial> of_arithmetic(const ir::Graph& graph, const ir::Node& node, int& budget) {
  const auto a = walk(graph, node.inputs[0], budget);
  const auto b = walk(graph, node.inputs[1], budget);
  if (!a || !b || a->values.size() != b->values.size()) return std::nullopt;
  Partial out;
  for (size_t i = 0; i < a->values.size(); ++i) {
    const bool known = a->known[i] && b->known[i];
    int64_t value = -1;
    const std::string_view op = node.op->name;
    const bool fits = !known || !(op == "mul"   ? __builtin_mul_overflow(a->values[i], b->values[i], &value)
                                  : op == "add" ? __builtin_add_overflow(a->values[i], b->values[i], &value)
                                                : __builtin_sub_overflow(a->values[i], b->values[i], &value));
    if (!fits) return std::nullopt;
    out.values.push_back(value);
    out.known.push_back(known);
  }
  return out;
}

std::optional<Partial> of_product(const ir::Graph& graph, const ir::Node& node, int& budget) {
  const auto x = walk(graph, node.inputs[0], budget);
  if (!x || graph.type(node.outputs[0]).shape.elements() != 1) return std::nullopt;
  int64_t product = 1;
  bool known = true;
  for (size_t i = 0; i < x->values.size(); ++i) {
    known = known && x->known[i];
    if (known && __builtin_mul_overflow(product, x->values[i], &product)) return std::nullopt;
  }
  return Partial{{known ? product : -1}, {known}};
}

std::optional<Partial> walk(const ir::Graph& graph, Value value, int& budget) {
  if (--budget < 0 || !dynamic::is_typed(graph, value) || !dtype_is_integer(graph.type(value).dtype))
    return std::nullopt;
  const Shape& shape = graph.type(value).shape;
  if (shape.rank() > 1 || shape.elements() < 0 || shape.elements() > kMaxLength) return std::nullopt;
  if (const Tensor* known = graph.constant(value)) return all_known(to_ints(*known));
  const int32_t producer = graph.info(value).node;
  if (producer >= 0) {
    const ir::Node& node = graph.nodes()[static_cast<size_t>(producer)];
    const std::string_view op = node.op->name;
    std::optional<Partial> found;
    if (op == "shape") found = of_shape(graph.type(node.inputs[0]).shape);
    if (op == "cast" || op == "identity" || op == "expand_dims" || op == "squeeze" || op == "reshape")
      found = walk(graph, node.inputs[0], budget);
    if (op == "concat") found = of_concat(graph, node, budget);
    if (op == "strided_slice") found = of_slice(graph, node, budget);
    if (op == "mul" || op == "add" || op == "sub") found = of_arithmetic(graph, node, budget);
    if (op == "reduce_prod") found = of_product(graph, node, budget);
    if (found && static_cast<int64_t>(found->values.size()) == shape.elements()) return found;
  }
  const auto count = static_cast<size_t>(shape.elements());
  return Partial{Ints(count, -1), std::vector<bool>(count, false)};
}

}  // namespace

std::optional<Partial> partial_value(const ir::Graph& graph, Value value) {
  int budget = kMostSteps;
  return walk(graph, value, budget);
}

int64_t NodeCall::PartialInts::unknown() const {
  return std::count(known.begin(), known.end(), false);
}

const Tensor& NodeCall::value(size_t i) const {
  if (i >= in.size()) fail(ErrorCode::bad_file, "the node has {} inputs, input {} is needed", in.size(), i);
  const Tensor* known = g.graph().constant(in[i]);
  if (known == nullptr) throw NeedsValue{i};
  return *known;
}

Ints NodeCall::ints(size_t i) const {
  const Tensor& known = value(i);
  if (!dtype_is_integer(known.dtype))
    fail(ErrorCode::bad_shape, "input {} is {}, integers are needed", i, dtype_name(known.dtype));
  return to_ints(known);
}

int64_t NodeCall::integer(size_t i) const {
  const Ints known = ints(i);
  if (known.size() != 1)
    fail(ErrorCode::bad_shape, "input {} holds {} values, one is needed", i, known.size());
  return known[0];
}

double NodeCall::number(size_t i) const {
  const std::vector<double> known = to_doubles(value(i));
  if (known.size() != 1)
    fail(ErrorCode::bad_shape, "input {} holds {} values, one is needed", i, known.size());
  return known[0];
}

NodeCall::PartialInts NodeCall::partial_ints(size_t i) const {
  if (i >= in.size()) fail(ErrorCode::bad_file, "the node has {} inputs, input {} is needed", in.size(), i);
  const auto partial = partial_value(g.graph(), in[i]);
  if (!partial) throw NeedsValue{i};
  return *partial;
}

}  // namespace cornu::tensorflow
