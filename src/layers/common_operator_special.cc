// Bits, special functions and rare arithmetic of keras.ops and TensorFlow. See operators.h.
// Source: keras/src/ops/numpy.py and math.py, 3.15; tf.bitwise and tf.math of TensorFlow 2.21
#include "layers/operators.h"
#include "layers/tensorflow_node.h"

namespace cornu::layers {
namespace {

using Values = std::vector<Value>;

Value floating(OperatorCall& c, std::string_view parameter) {
  const Value x = c.tensor(parameter);
  return c.g.cast(x, float_type(c.g.dtype(x)));
}

TensorType type_of(GraphBuilder& g, Value x) {
  return {g.dtype(x), g.shape(x)};
}

// An op of two integers. Keras 3 takes bools for integers of one bit.
Values bits(OperatorCall& c, std::string_view op) {
  GraphBuilder& g = c.g;
  const auto [a, b] = c.operands("x", "y");
  if (g.dtype(a) == DType::boolean) {
    if (op == "BitwiseAnd") return {g.op("logical_and", {a, b})};
    if (op == "BitwiseOr") return {g.op("logical_or", {a, b})};
    if (op == "BitwiseXor") return {g.op("logical_xor", {a, b})};
  }
  if (!dtype_is_integer(g.dtype(a))) c.fail_argument("x", "a tensor of integers");
  return {tensorflow_value(g, op, {a, b}, {g.dtype(a), broadcast_shapes(g.shape(a), g.shape(b))})};
}

Values invert(OperatorCall& c, std::string_view) {
  const Value x = c.tensor("x");
  if (c.g.dtype(x) == DType::boolean) return {c.g.op("logical_not", {x})};
  if (!dtype_is_integer(c.g.dtype(x))) c.fail_argument("x", "a tensor of integers");
  return {tensorflow_value(c.g, "Invert", {x}, type_of(c.g, x))};
}

Values special(OperatorCall& c, std::string_view op) {
  const Value x = floating(c, "x");
  return {tensorflow_value(c.g, op, {x}, type_of(c.g, x))};
}

Values special_pair(OperatorCall& c, std::string_view op) {
  GraphBuilder& g = c.g;
  const auto [a, b] = c.operands("x", "y");
  const DType type = float_type(g.dtype(a));
  const Shape shape = broadcast_shapes(g.shape(a), g.shape(b));
  return {tensorflow_value(g, op, {g.cast(a, type), g.cast(b, type)}, {type, shape})};
}

// x f(y), and 0 where x is 0.
Values zero_times(OperatorCall& c, std::string_view op) {
  GraphBuilder& g = c.g;
  const auto [a, b] = c.operands("x", "y");
  const DType type = float_type(g.dtype(a));
  const Value x = g.cast(a, type);
  const Value y = g.cast(b, type);
  const Value product = op == "div" ? g.op("div", {x, y}) : g.op("mul", {x, g.op(op, {y})});
  const Value zero = g.scalar_like(0, x);
  return {g.op("select", {g.op("equal", {x, zero}), zero, product})};
}

Values erfcinv(OperatorCall& c, std::string_view) {
  const Value x = floating(c, "x");
  const Value y = c.g.op("sub", {c.g.scalar_like(1, x), x});
  return {tensorflow_value(c.g, "Erfinv", {y}, type_of(c.g, x))};
}

Values reciprocal_no_nan(OperatorCall& c, std::string_view) {
  GraphBuilder& g = c.g;
  const Value x = floating(c, "x");
  const Value zero = g.scalar_like(0, x);
  return {g.op("select", {g.op("equal", {x, zero}), zero, g.op("reciprocal", {x})})};
}

// Parts of numbers, most of them real.
Values real_part(OperatorCall& c, std::string_view op) {
  GraphBuilder& g = c.g;
  const Value x = c.tensor("x");
  if (g.dtype(x) == DType::complex64 || g.dtype(x) == DType::complex128) {
    const DType part = g.dtype(x) == DType::complex64 ? DType::float32 : DType::float64;
    const std::string_view name = op == "imag" ? "Imag" : op == "angle" ? "Angle" : "Conj";
    return {tensorflow_value(g, name, {x}, {op.empty() ? g.dtype(x) : part, g.shape(x)},
                             NodeAttributes().type("Tout", part))};
  }
  if (op == "imag") return {filled_like(g, x, 0, g.dtype(x))};
  if (op != "angle") return {x};
  const Value number = g.cast(x, float_type(g.dtype(x)));
  return {g.op("atan2", {g.scalar_like(0, number), number})};
}

// The greatest common divisor by Euclid's steps: as many as the widest type needs at most.
Value divisor_of(GraphBuilder& g, Value a, Value b) {
  const int64_t steps = dtype_size(g.dtype(a)) * 12;  // 1.44 a bit, for neighbours of the Fibonacci sequence
  const Value zero = g.scalar_like(0, a);
  const Value one = g.scalar_like(1, a);
  a = g.op("abs", {a});
  b = g.op("abs", {b});
  for (int64_t i = 0; i < steps; ++i) {
    const Value done = g.op("equal", {b, zero});
    const Value rest = g.op("mod", {a, g.op("select", {done, one, b})});
    a = g.op("select", {done, a, b});
    b = g.op("select", {done, zero, rest});
  }
  return a;
}

Values common_divisor(OperatorCall& c, std::string_view op) {
  GraphBuilder& g = c.g;
  const auto [a, b] = c.operands("x", "y");
  if (!dtype_is_integer(g.dtype(a))) c.fail_argument("x", "a tensor of integers");
  const Value divisor = divisor_of(g, a, b);
  if (op == "gcd") return {divisor};
  const Value zero = g.scalar_like(0, a);
  const Value none = g.op("equal", {divisor, zero});
  const Value whole = g.op("div", {a, g.op("select", {none, g.scalar_like(1, a), divisor})});
  return {g.op("select", {none, zero, g.op("abs", {g.op("mul", {whole, b})})})};
}

// The same bytes as another type.
Values view(OperatorCall& c, std::string_view) {
  GraphBuilder& g = c.g;
  const Value x = c.tensor("x");
  const DType to = c.dtype("dtype", g.dtype(x));
  if (to == DType::string || g.dtype(x) == DType::string) c.fail_argument("dtype", "a type of numbers");
  Shape shape = g.shape(x);
  const int64_t from_size = dtype_size(g.dtype(x));
  const int64_t to_size = dtype_size(to);
  if (to_size != from_size) {
    if (shape.rank() == 0 || shape.back() == Shape::kUnknown || shape.back() * from_size % to_size != 0)
      c.fail_argument("dtype", "a type whose size divides that of the last axis");
    shape[shape.rank() - 1] = shape.back() * from_size / to_size;
  }
  // Bitcast wants one element of the wider type along a last axis, or gives several of the narrower one.
  Value y = x;
  if (to_size > from_size) {
    Ints dims(shape.begin(), shape.end());
    for (int64_t& size : dims) size = size == Shape::kUnknown ? 0 : size;
    dims.push_back(to_size / from_size);
    y = g.reshape(x, dims);
  }
  Shape result = shape;
  if (to_size < from_size) {
    result = g.shape(x);
    result.push_back(from_size / to_size);
  }
  y = tensorflow_value(g, "Bitcast", {y}, {to, result}, NodeAttributes().type("type", to));
  if (to_size >= from_size || result.rank() < 2) return {y};
  Ints dims;
  for (int axis = 0; axis < shape.rank(); ++axis)
    dims.push_back(shape[axis] == Shape::kUnknown ? 0 : shape[axis]);
  return {g.reshape(y, dims)};
}

// The angle of the points (x, y).
Values angle_of_point(OperatorCall& c, std::string_view) {
  const auto [y, x] = c.operands("first", "second");
  const DType type = float_type(c.g.dtype(y));
  return {c.g.op("atan2", {c.g.cast(y, type), c.g.cast(x, type)})};
}

Values euclidean_norm(OperatorCall& c, std::string_view) {
  GraphBuilder& g = c.g;
  const Value x = floating(c, "x");
  const Attrs over{{"axes", c.axes("axis", g.rank(x))}, {"keepdims", c.flag("keepdims", false)}};
  return {g.op("sqrt", {g.op("reduce_sum", {g.op("square", {x})}, over)})};
}

// A polynomial by Horner's rule; coefficients of the highest power first.
Values polynomial(OperatorCall& c, std::string_view) {
  GraphBuilder& g = c.g;
  const Value x = floating(c, "x");
  Value y;
  for (const Argument& item : c.required("coefficients").items) {
    CallArguments one;
    one.positional.push_back(item);
    const Value next = OperatorCall(c.call, c.name, "x", one).tensor_beside("x", x);
    y = y.valid() ? g.op("add", {g.op("mul", {y, x}), next})
                  : g.op("add", {filled_like(g, x, 0, g.dtype(x)), next});
  }
  return {y.valid() ? y : filled_like(g, x, 0, g.dtype(x))};
}

constexpr Operator kOperators[] = {
    {"atan2", "first|y second|x", angle_of_point, ""},
    {"reduce_euclidean_norm", "x|input_tensor axis keepdims", euclidean_norm, ""},
    {"polyval", "coefficients|coeffs x", polynomial, ""},
    {"check_numerics", "x|tensor message", real_part, ""},
    {"bitwise_and", "x|a y|b", bits, "BitwiseAnd"},
    {"bitwise_or", "x|a y|b", bits, "BitwiseOr"},
    {"bitwise_xor", "x|a y|b", bits, "BitwiseXor"},
    {"left_shift bitwise_left_shift", "x|a y|b", bits, "LeftShift"},
    {"right_shift bitwise_right_shift", "x|a y|b", bits, "RightShift"},
    {"invert bitwise_invert bitwise_not", "x|a", invert, ""},
    {"erfinv", "x", special, "Erfinv"},
    {"erfcinv", "x", erfcinv, ""},
    {"lgamma", "x", special, "Lgamma"},
    {"digamma", "x", special, "Digamma"},
    {"ndtri", "x", special, "Ndtri"},
    {"i0 bessel_i0", "x", special, "BesselI0"},
    {"bessel_i0e", "x", special, "BesselI0e"},
    {"bessel_i1", "x", special, "BesselI1"},
    {"bessel_i1e", "x", special, "BesselI1e"},
    {"igamma", "x|a y|x", special_pair, "Igamma"},
    {"igammac", "x|a y|x", special_pair, "Igammac"},
    {"zeta", "x y|q", special_pair, "Zeta"},
    {"polygamma", "x|a y|x", special_pair, "Polygamma"},
    {"nextafter next_after", "x|x1 y|x2", special_pair, "NextAfter"},
    {"xlogy", "x y", zero_times, "log"},
    {"xlog1py", "x y", zero_times, "log1p"},
    {"xdivy", "x y", zero_times, "div"},
    {"reciprocal_no_nan", "x", reciprocal_no_nan, ""},
    {"imag", "x|input", real_part, "imag"},
    {"conj conjugate", "x", real_part, ""},
    {"angle", "x|input", real_part, "angle"},
    {"gcd", "x|x1 y|x2", common_divisor, "gcd"},
    {"lcm", "x|x1 y|x2", common_divisor, "lcm"},
    {"view bitcast", "x|input dtype|type", view, ""},
};

}  // namespace

std::span<const Operator> special_operators() {
  return kOperators;
}

}  // namespace cornu::layers
