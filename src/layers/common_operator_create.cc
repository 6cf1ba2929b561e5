// Functions of keras.ops and TensorFlow that make tensors, and sizes as tensors. See operators.h.
// Source: keras/src/ops/numpy.py, 3.15; the array functions of TensorFlow 2.21
#include "layers/operators.h"

namespace cornu::layers {
namespace {

using Values = std::vector<Value>;

// A tensor of one value whose sizes may come from other tensors.
Value filled(OperatorCall& c, std::string_view parameter, double value, DType type) {
  GraphBuilder& g = c.g;
  Value y = g.scalar(value, type);
  Ints dims;
  std::vector<std::pair<int, OperatorCall::Size>> unknown;
  for (const OperatorCall::Size& size : c.sizes(parameter)) {
    if (size.source.valid()) unknown.emplace_back(static_cast<int>(dims.size()), size);
    if (!size.source.valid() && size.size < 0) c.fail_argument(parameter, "sizes of at least 0");
    dims.push_back(size.source.valid() ? 1 : size.size);
  }
  y = g.op("broadcast_to", {g.reshape(y, Ints(dims.size(), 1))}, {{"shape", dims}});
  for (const auto& [position, size] : unknown) {
    Ints column(dims.size(), 1);
    column[static_cast<size_t>(position)] = -1;
    y = g.op("select", {g.reshape(true_along(g, size.source, size.axis), column), y, y});
  }
  return y;
}

Values fill(OperatorCall& c, std::string_view op) {
  const DType type = c.dtype("dtype", DType::float32);
  return {filled(c, "shape", op == "fill" ? c.number("value") : op == "ones" ? 1 : 0, type)};
}

Values like(OperatorCall& c, std::string_view op) {
  const Value x = c.tensor("x");
  const DType type = c.dtype("dtype", c.g.dtype(x));
  return {filled_like(c.g, x, op == "full" ? c.number("value") : op == "ones" ? 1 : 0, type)};
}

// The sizes of x: a constant when they are known.
Values shape(OperatorCall& c, std::string_view) {
  const Value x = c.tensor("x");
  const DType type = c.dtype("dtype", DType::int32);
  const Shape known = c.g.shape(x);
  if (known.is_known())
    return {c.g.constant(tensor_of_ints(Ints(known.begin(), known.end()), {known.rank()}, type))};
  return {c.g.cast(c.g.op("shape", {x}), type)};
}

Values rank(OperatorCall& c, std::string_view) {
  return {c.g.constant(tensor_of_ints(Ints{c.g.rank(c.tensor("x"))}, {}, DType::int32))};
}

Values size(OperatorCall& c, std::string_view) {
  const Value x = c.tensor("x");
  const DType type = c.dtype("dtype", DType::int32);
  const int64_t known = c.g.shape(x).elements();
  if (known != Shape::kUnknown) return {c.g.constant(tensor_of_ints(Ints{known}, {}, type))};
  return {c.g.cast(c.g.op("reduce_prod", {c.g.op("shape", {x})}, {{"axes", Ints{0}}, {"keepdims", false}}),
                   type)};
}

constexpr std::string_view kLike = "x|input|tensor value|fill_value dtype optimize layout";

constexpr Operator kOperators[] = {
    {"zeros_like empty_like", kLike, like, "zeros"},
    {"ones_like", kLike, like, "ones"},
    {"full_like", kLike, like, "full"},
    {"zeros", "shape dtype", fill, "zeros"},
    {"ones", "shape dtype", fill, "ones"},
    {"fill full", "shape|dims value|fill_value dtype", fill, "fill"},
    {"shape", "x|input dtype|out_type", shape, ""},
    {"rank ndim", "x|input", rank, ""},
    {"size", "x|input dtype|out_type", size, ""},
};

}  // namespace

Value filled_like(GraphBuilder& g, Value x, double value, DType dtype) {
  const Value one = g.scalar(value, dtype);
  const Value same = g.op("equal", {x, x});
  return g.op("select", {same, one, one});
}

std::span<const Operator> creation_operators() {
  return kOperators;
}

}  // namespace cornu::layers
