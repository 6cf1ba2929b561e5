// Type promotion and the products that layers share; see arithmetic.h.
#include "layers/arithmetic.h"

#include <algorithm>

namespace cornu::layers {
namespace {

bool is_unsigned(DType dtype) {
  return dtype == DType::uint8 || dtype == DType::uint16 || dtype == DType::uint32 || dtype == DType::uint64;
}

// The smallest signed type that holds an unsigned type of that size.
DType signed_above(int64_t size_bytes) {
  if (size_bytes == 1) return DType::int16;
  if (size_bytes == 2) return DType::int32;
  return size_bytes == 4 ? DType::int64 : DType::float32;
}

}  // namespace

DType result_type(DType a, DType b) {
  if (a == b || b == DType::boolean) return a;
  if (a == DType::boolean) return b;
  const bool a_floating = dtype_is_floating(a);
  const bool b_floating = dtype_is_floating(b);
  if (a_floating != b_floating) return a_floating ? a : b;
  if (a_floating && dtype_size(a) == dtype_size(b)) return DType::float32;  // float16 and bfloat16
  const DType larger = dtype_size(a) >= dtype_size(b) ? a : b;
  if (a_floating || is_unsigned(a) == is_unsigned(b)) return larger;
  const DType plain = is_unsigned(a) ? b : a;
  const DType natural = is_unsigned(a) ? a : b;
  return dtype_size(plain) > dtype_size(natural) ? plain : signed_above(dtype_size(natural));
}

DType float_type(DType dtype) {
  return dtype_is_floating(dtype) ? dtype : DType::float32;
}

Value binary(GraphBuilder& g, std::string_view op, Value a, Value b) {
  const DType type = result_type(g.dtype(a), g.dtype(b));
  return g.op(op, {g.cast(a, type), g.cast(b, type)});
}

Value l2_normalize(GraphBuilder& g, Value x, const Ints& axes, const Dialect& dialect) {
  const Value sum = g.op("reduce_sum", {g.op("square", {x})}, {{"axes", axes}, {"keepdims", true}});
  if (dialect.keras_major < 3)
    return g.op("mul", {x, g.op("rsqrt", {g.op("maximum", {sum, g.scalar_like(1e-12, x)})})});
  return g.op("mul", {x, g.op("minimum", {g.op("rsqrt", {sum}), g.scalar_like(1e7, x)})});
}

Value with_rank(GraphBuilder& g, Value x, int rank, int64_t axis) {
  const int missing = rank - g.rank(x);
  if (missing <= 0) return x;
  Ints axes;
  for (int i = 0; i < missing; ++i) axes.push_back(axis + i);
  return g.op("expand_dims", {x}, {{"axes", axes}});
}

Value true_along(GraphBuilder& g, Value x, int axis) {
  Ints others;
  for (int i = 0; i < g.rank(x); ++i) {
    if (i != axis) others.push_back(i);
  }
  for (int64_t other : others)
    x = g.op("slice_axis", {x}, {{"axis", other}, {"begin", int64_t{0}}, {"size", int64_t{1}}});
  const Value same = g.op("equal", {x, x});
  const Value all = g.op("logical_or", {same, g.op("logical_not", {same})});
  return others.empty() ? all : g.op("squeeze", {all}, {{"axes", others}});
}

Value positions_along(GraphBuilder& g, Value x, int axis) {
  const Value counts = g.op("cumsum", {g.cast(true_along(g, x, axis), DType::int32)}, {{"axis", int64_t{0}}});
  return g.op("sub", {counts, g.scalar_like(1, counts)});
}

Value batch_dot(LayerCall& call, Value x, Value y, int64_t axis_x, int64_t axis_y) {
  GraphBuilder& g = call.g;
  const Shape sx = g.shape(x);
  const Shape sy = g.shape(y);
  if (axis_x < 1 || axis_x >= sx.rank() || axis_y < 1 || axis_y >= sy.rank()) {
    call.fail(ErrorCode::bad_config,
              "a product over the axes {} and {} does not fit inputs of shapes {} and {}", axis_x, axis_y,
              sx.to_string(), sy.to_string());
  }
  const int64_t size_x = sx[static_cast<int>(axis_x)];
  const int64_t size_y = sy[static_cast<int>(axis_y)];
  if (size_x != Shape::kUnknown && size_y != Shape::kUnknown && size_x != size_y) {
    call.fail(ErrorCode::bad_shape,
              "a product over axes of {} and {} elements: inputs of shapes {} and {}, axes {} and {}", size_x,
              size_y, sx.to_string(), sy.to_string(), axis_x, axis_y);
  }
  if (sx.rank() == 3 && sy.rank() == 3) {
    return g.op("matmul", {x, y}, {{"transpose_a", axis_x == 1}, {"transpose_b", axis_y == 2}});
  }
  // Letters: the batch is a, the axes of x follow, then those of y; the contracted axis of y takes the letter
  // of x.
  std::string in_x;
  std::string in_y = "a";
  std::string out = "a";
  for (int axis = 0; axis < sx.rank(); ++axis) {
    in_x += static_cast<char>('a' + axis);
    if (axis != 0 && axis != axis_x) out += in_x.back();
  }
  for (int axis = 1; axis < sy.rank(); ++axis) {
    in_y += axis == axis_y ? in_x[static_cast<size_t>(axis_x)] : static_cast<char>('a' + sx.rank() + axis);
    if (axis != axis_y) out += in_y.back();
  }
  const Value product = g.op("einsum", {x, y}, {{"equation", in_x + "," + in_y + "->" + out}});
  return with_rank(g, product, 2, 1);
}

}  // namespace cornu::layers
