// Functions of vectors in keras.ops: products, distances, correlations. See operators.h.
// Source: keras/src/ops/numpy.py and math.py, 3.15
#include <algorithm>

#include "layers/operators.h"

namespace cornu::layers {
namespace {

using Values = std::vector<Value>;

Value part(GraphBuilder& g, Value x, int64_t axis, int64_t begin, int64_t size) {
  return g.op("slice_axis", {x}, {{"axis", axis}, {"begin", begin}, {"size", size}});
}

Value moved(GraphBuilder& g, Value x, int64_t from, int64_t to) {
  Ints order;
  for (int axis = 0; axis < g.rank(x); ++axis) {
    if (axis != from) order.push_back(axis);
  }
  order.insert(order.begin() + to, from);
  return g.transpose(x, order);
}

// numpy.cross: vectors of two or three components; of two vectors of two, the third component alone.
Values cross(OperatorCall& c, std::string_view) {
  GraphBuilder& g = c.g;
  auto [a, b] = c.operands("x", "y");
  const auto last_axis = [&](Value x, const char* own) {
    return moved(g, x, c.axis(c.has("axis") ? "axis" : own, -1, g.rank(x)), g.rank(x) - 1);
  };
  a = last_axis(a, "axisa");
  b = last_axis(b, "axisb");
  const auto size_of = [&](Value x) { return g.shape(x).back(); };
  if (size_of(a) < 2 || size_of(a) > 3 || size_of(b) < 2 || size_of(b) > 3)
    c.fail_argument("x", "vectors of two or three components");
  const auto component = [&](Value x, int64_t i) {
    const int64_t axis = g.rank(x) - 1;
    return i < size_of(x) ? part(g, x, axis, i, 1)
                          : g.op("mul", {part(g, x, axis, 0, 1), g.scalar_like(0, x)});
  };
  const auto minor = [&](int64_t i, int64_t j) {
    return g.op("sub", {g.op("mul", {component(a, i), component(b, j)}),
                        g.op("mul", {component(a, j), component(b, i)})});
  };
  if (size_of(a) == 2 && size_of(b) == 2) return {g.op("squeeze", {minor(0, 1)}, {{"axes", Ints{-1}}})};
  const Value y = g.op("concat", {minor(1, 2), minor(2, 0), minor(0, 1)}, {{"axis", int64_t{-1}}});
  const int rank = g.rank(y);
  return {moved(g, y, rank - 1, c.axis(c.has("axis") ? "axis" : "axisc", -1, rank))};
}

// Blocks of b, each times an element of a.
Values kron(OperatorCall& c, std::string_view) {
  GraphBuilder& g = c.g;
  auto [a, b] = c.operands("x", "y");
  const int rank = std::max(g.rank(a), g.rank(b));
  a = with_rank(g, a, rank, 0);
  b = with_rank(g, b, rank, 0);
  if (!g.shape(a).is_known() || !g.shape(b).is_known() || 2 * rank > Shape::kMaxRank)
    c.fail_argument("x", "tensors of few axes and known sizes");
  Ints dims_a;
  Ints dims_b;
  Ints dims;
  for (int axis = 0; axis < rank; ++axis) {
    dims_a.insert(dims_a.end(), {g.shape(a)[axis], 1});
    dims_b.insert(dims_b.end(), {1, g.shape(b)[axis]});
    dims.push_back(g.shape(a)[axis] * g.shape(b)[axis]);
  }
  return {g.reshape(g.op("mul", {g.reshape(a, dims_a), g.reshape(b, dims_b)}), dims)};
}

// The integral of samples by the trapezoidal rule.
Values trapezoid(OperatorCall& c, std::string_view) {
  GraphBuilder& g = c.g;
  const Value y = g.cast(c.tensor("y"), float_type(g.dtype(c.tensor("y"))));
  const int64_t axis = c.axis("axis", -1, g.rank(y));
  const int64_t size = g.shape(y)[static_cast<int>(axis)];
  if (size < 1) c.fail_argument("axis", "an axis of known size of at least 1");
  const auto halves = [&](Value v, const char* op, int64_t along, int64_t count) {
    return g.op(op, {part(g, v, along, 1, count - 1), part(g, v, along, 0, count - 1)});
  };
  Value sums = halves(y, "add", axis, size);
  if (c.has("x")) {
    const Value x = c.tensor_beside("x", y);
    const bool row = g.rank(x) == 1;
    Value steps = halves(x, "sub", row ? 0 : axis, size);
    if (row) {
      Ints dims(static_cast<size_t>(g.rank(y)), 1);
      dims[static_cast<size_t>(axis)] = size - 1;
      steps = g.reshape(steps, dims);
    }
    sums = g.op("mul", {sums, g.cast(steps, g.dtype(sums))});
  } else {
    sums = g.op("mul", {sums, g.scalar_like(c.number("dx", 1), sums)});
  }
  const Value total = g.op("reduce_sum", {sums}, {{"axes", Ints{axis}}, {"keepdims", false}});
  return {g.op("mul", {total, g.scalar_like(0.5, total)})};
}

// numpy.correlate of two rows: sums of products of a with b moved along it.
Values correlate(OperatorCall& c, std::string_view) {
  GraphBuilder& g = c.g;
  auto [a, b] = c.operands("x", "y");
  const DType type = float_type(g.dtype(a));
  const int64_t n = g.rank(a) == 1 ? g.shape(a)[0] : 0;
  const int64_t m = g.rank(b) == 1 ? g.shape(b)[0] : 0;
  if (n < 1 || m < 1) c.fail_argument("x", "two rows of known length");
  const std::string mode = c.text("mode", "valid");
  if (mode != "valid" && mode != "same" && mode != "full") c.fail_argument("mode", "valid, same or full");
  const Value full =
      g.op("conv",
           {g.op("pad", {g.reshape(g.cast(a, type), {1, n, 1})},
                 {{"padding", Ints{0, 0, m - 1, m - 1, 0, 0}}, {"mode", std::string("constant")}}),
            g.reshape(g.cast(b, type), {m, 1, 1})},
           {{"strides", Ints{1}}, {"dilations", Ints{1}}, {"auto_pad", std::string("valid")}});
  const Value row = g.reshape(full, {n + m - 1});
  if (mode == "full") return {row};
  const int64_t size = mode == "same" ? std::max(n, m) : std::max(n, m) - std::min(n, m) + 1;
  return {part(g, row, 0, (n + m - 1 - size) / 2, size)};
}

// Pearson's coefficients of the rows.
Values corrcoef(OperatorCall& c, std::string_view) {
  GraphBuilder& g = c.g;
  const Value x = g.cast(c.tensor("x"), float_type(g.dtype(c.tensor("x"))));
  if (g.rank(x) != 2) c.fail_argument("x", "a matrix whose rows are the variables");
  const Attrs over{{"axes", Ints{1}}, {"keepdims", true}};
  const Value centred = g.op("sub", {x, g.op("reduce_mean", {x}, over)});
  const Value length = g.op("sqrt", {g.op("reduce_sum", {g.op("square", {centred})}, over)});
  const Value unit = g.op("div", {centred, length});
  return {g.op("matmul", {unit, unit}, {{"transpose_b", true}})};
}

// Euclidean distances of all pairs of rows.
Values cdist(OperatorCall& c, std::string_view) {
  GraphBuilder& g = c.g;
  auto [a, b] = c.operands("x", "y");
  const DType type = float_type(g.dtype(a));
  if (g.rank(a) < 2 || g.rank(b) < 2) c.fail_argument("x", "tensors of at least two axes");
  const Value gap = g.op("sub", {g.op("expand_dims", {g.cast(a, type)}, {{"axes", Ints{-2}}}),
                                 g.op("expand_dims", {g.cast(b, type)}, {{"axes", Ints{-3}}})});
  return {
      g.op("sqrt", {g.op("reduce_sum", {g.op("square", {gap})}, {{"axes", Ints{-1}}, {"keepdims", false}})})};
}

constexpr Operator kOperators[] = {
    {"cross", "x|x1|a y|x2|b axisa axisb axisc axis", cross, ""},
    {"kron", "x|x1 y|x2", kron, ""},
    {"trapezoid", "y x dx axis", trapezoid, ""},
    {"correlate", "x|x1 y|x2 mode", correlate, ""},
    {"corrcoef", "x", corrcoef, ""},
    {"c_dist cdist", "x y", cdist, ""},
};

}  // namespace

std::span<const Operator> vector_operators() {
  return kOperators;
}

}  // namespace cornu::layers
