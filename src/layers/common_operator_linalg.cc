// Products of keras.ops and TensorFlow. See operators.h.
// Source: keras/src/ops/numpy.py, 3.15; tf.linalg.matmul, tf.tensordot and tf.einsum of TensorFlow 2.21
#include <algorithm>

#include "layers/operators.h"

namespace cornu::layers {
namespace {

using Values = std::vector<Value>;

Value squeezed(GraphBuilder& g, Value x, int64_t axis) {
  return g.op("squeeze", {x}, {{"axes", Ints{axis}}});
}

// numpy.matmul: vectors count as a row on the left, a column on the right.
Value product(GraphBuilder& g, Value a, Value b, bool transpose_a, bool transpose_b) {
  const bool row = g.rank(a) == 1;
  const bool column = g.rank(b) == 1;
  if (row) a = g.op("expand_dims", {a}, {{"axes", Ints{0}}});
  if (column) b = g.op("expand_dims", {b}, {{"axes", Ints{-1}}});
  Value y =
      g.op("matmul", {a, b}, {{"transpose_a", transpose_a && !row}, {"transpose_b", transpose_b && !column}});
  if (column) y = squeezed(g, y, -1);
  return row ? squeezed(g, y, column ? -1 : -2) : y;
}

void expect_axes(OperatorCall& c, Value a, Value b) {
  if (c.g.rank(a) < 1 || c.g.rank(b) < 1)
    c.fail_argument("x", "a tensor of at least one axis, and the other too");
}

Values matmul(OperatorCall& c, std::string_view) {
  const auto [a, b] = c.operands("x", "y");
  expect_axes(c, a, b);
  const bool transpose_a = c.flag("transpose_a", false) || c.flag("adjoint_a", false);
  const bool transpose_b = c.flag("transpose_b", false) || c.flag("adjoint_b", false);
  return {product(c.g, a, b, transpose_a, transpose_b)};
}

// numpy.tensordot over the given axes of a and b.
Value contract(OperatorCall& c, Value a, Value b, const Ints& axes_a, const Ints& axes_b) {
  GraphBuilder& g = c.g;
  const int rank_a = g.rank(a);
  const int rank_b = g.rank(b);
  std::string letters_a;
  std::string letters_b;
  std::string out;
  for (int i = 0; i < rank_a; ++i) letters_a += static_cast<char>('a' + i);
  for (int i = 0; i < rank_b; ++i) letters_b += static_cast<char>('a' + rank_a + i);
  for (size_t i = 0; i < axes_a.size(); ++i)
    letters_b[static_cast<size_t>(axes_b[i])] = letters_a[static_cast<size_t>(axes_a[i])];
  for (char letter : letters_a) {
    if (letters_b.find(letter) == std::string::npos) out += letter;
  }
  for (char letter : letters_b) {
    if (letters_a.find(letter) == std::string::npos) out += letter;
  }
  if (axes_a.size() == 1 && rank_b == 2 && rank_a >= 2 && axes_a[0] == rank_a - 1)
    return product(g, a, b, false, axes_b[0] == 1);
  return g.op("einsum", {a, b}, {{"equation", letters_a + "," + letters_b + "->" + out}});
}

// axes: a count (the last of a with the first of b), or two lists.
Values tensordot(OperatorCall& c, std::string_view) {
  const auto [a, b] = c.operands("x", "y");
  const int rank_a = c.g.rank(a);
  const int rank_b = c.g.rank(b);
  Ints sides[2];
  const Argument* given = c.find("axes");
  if (given != nullptr && given->kind == Argument::Kind::list && given->items.size() == 2) {
    for (size_t side = 0; side < 2; ++side) {
      CallArguments one;
      one.positional.push_back(given->items[side]);
      sides[side] = OperatorCall(c.call, c.name, "axes", one).axes("axes", side == 0 ? rank_a : rank_b);
    }
  } else {
    const int64_t count = c.integer("axes", 2);
    if (count < 0 || count > rank_a || count > rank_b)
      c.fail_argument("axes", "at most as many as both tensors have");
    for (int64_t i = 0; i < count; ++i) {
      sides[0].push_back(rank_a - count + i);
      sides[1].push_back(i);
    }
  }
  if (sides[0].size() != sides[1].size()) c.fail_argument("axes", "two lists of equal length");
  return {contract(c, a, b, sides[0], sides[1])};
}

// numpy.dot: the last axis of a with the last but one of b.
Values dot(OperatorCall& c, std::string_view) {
  const auto [a, b] = c.operands("x", "y");
  const int rank_a = c.g.rank(a);
  const int rank_b = c.g.rank(b);
  if (rank_a == 0 || rank_b == 0) return {c.g.op("mul", {a, b})};
  if (rank_a <= 2 && rank_b <= 2) return {product(c.g, a, b, false, false)};
  return {contract(c, a, b, {rank_a - 1}, {std::max(rank_b - 2, 0)})};
}

// The last axes with each other.
Values inner(OperatorCall& c, std::string_view) {
  const auto [a, b] = c.operands("x", "y");
  expect_axes(c, a, b);
  return {contract(c, a, b, {c.g.rank(a) - 1}, {c.g.rank(b) - 1})};
}

Values outer(OperatorCall& c, std::string_view) {
  const auto [a, b] = c.operands("x", "y");
  return {c.g.op("mul", {c.g.reshape(a, {-1, 1}), c.g.reshape(b, {1, -1})})};
}

Values vdot(OperatorCall& c, std::string_view) {
  const auto [a, b] = c.operands("x", "y");
  const Value products = c.g.op("mul", {c.g.reshape(a, {-1}), c.g.reshape(b, {-1})});
  return {c.g.op("reduce_sum", {products}, {{"axes", Ints{0}}, {"keepdims", false}})};
}

Values einsum(OperatorCall& c, std::string_view) {
  Values in;
  for (const Argument& operand : c.rest()) {
    if (operand.kind == Argument::Kind::literal && operand.literal.is_string())
      continue;  // the equation of tf.einsum
    CallArguments one;
    one.positional.push_back(operand);
    for (Value value : OperatorCall(c.call, c.name, "x", one).tensors("x")) in.push_back(value);
  }
  if (in.empty())
    c.call.fail(ErrorCode::unsupported,
                "{} whose operands the file does not hold (tf.keras 2 leaves them out)", c.name);
  DType type = c.g.dtype(in[0]);
  for (Value value : in) type = result_type(type, c.g.dtype(value));
  for (Value& value : in) value = c.g.cast(value, type);
  return {c.g.op("einsum", in, {{"equation", c.text("equation", "")}})};
}

// keras.backend.batch_dot: one axis of each, by default the last of x with the last but one of y.
Values batch_dot_of(OperatorCall& c, std::string_view) {
  const auto [a, b] = c.operands("x", "y");
  const int rank_a = c.g.rank(a);
  const int rank_b = c.g.rank(b);
  Ints axes = c.ints("axes", Ints{rank_a - 1, rank_b == 2 ? rank_b - 1 : rank_b - 2});
  if (axes.size() == 1) axes.push_back(axes[0]);
  if (axes.size() != 2) c.fail_argument("axes", "an axis, or two");
  return {batch_dot(c.call, a, b, axes[0] < 0 ? axes[0] + rank_a : axes[0],
                    axes[1] < 0 ? axes[1] + rank_b : axes[1])};
}

constexpr std::string_view kTwo = "x|x1|a y|x2|b";

constexpr Operator kOperators[] = {
    {"matmul mat_mul batch_mat_mul batch_mat_mul_v2 batch_matmul",
     "x|x1|a y|x2|b transpose_a transpose_b adjoint_a|adj_x adjoint_b|adj_y a_is_sparse b_is_sparse", matmul,
     ""},
    {"dot", kTwo, dot, ""},
    {"tensordot", "x|x1|a y|x2|b axes", tensordot, ""},
    {"inner", kTwo, inner, ""},
    {"outer", kTwo, outer, ""},
    {"vdot", kTwo, vdot, ""},
    {"batch_dot", "x y axes", batch_dot_of, ""},
    {"einsum", "* equation|subscripts", einsum, ""},
};

}  // namespace

std::span<const Operator> linalg_operators() {
  return kOperators;
}

}  // namespace cornu::layers
