// Shape rules and helpers that whole families of ops share; see op.h.
#include "ops/op.h"

namespace cornu::ops {

Strides strides_of(const Shape& shape) {
  Strides strides{};
  int64_t stride = 1;
  for (int axis = shape.rank() - 1; axis >= 0; --axis) {
    strides[static_cast<size_t>(axis)] = stride;
    // Unsigned: only the strides of a tensor without elements overflow, and nobody uses them.
    stride = static_cast<int64_t>(static_cast<uint64_t>(stride) * static_cast<uint64_t>(shape[axis]));
  }
  return strides;
}

Strides broadcast_strides(const Shape& shape, const Shape& to) {
  const Strides own = strides_of(shape);
  Strides strides{};
  const int shift = to.rank() - shape.rank();
  for (int axis = 0; axis < shape.rank(); ++axis) {
    if (shape[axis] != 1) strides[static_cast<size_t>(axis + shift)] = own[static_cast<size_t>(axis)];
  }
  return strides;
}

PreparedKernel copy_first_input(const KernelSite& site) {
  const int64_t size_bytes = site.out[0].shape.elements() * dtype_size(site.out[0].dtype);
  return {[size_bytes](const KernelCall& call) {
            if (size_bytes > 0 && call.out[0] != call.in[0])
              std::memcpy(call.out[0], call.in[0], static_cast<size_t>(size_bytes));
          },
          0,
          {}};
}

AxisSplit split_axes(const Shape& x, const std::vector<bool>& walked) {
  const Strides strides = strides_of(x);
  AxisSplit split;
  for (int axis = 0; axis < x.rank(); ++axis) {
    const auto a = static_cast<size_t>(axis);
    Shape& shape = walked[a] ? split.walked : split.kept;
    (walked[a] ? split.walked_strides : split.kept_strides)[static_cast<size_t>(shape.rank())] = strides[a];
    shape.push_back(x[axis]);
  }
  return split;
}

namespace {

bool is_number(DType dtype) {
  return dtype_is_floating(dtype) || dtype_is_integer(dtype);
}

void require_types(const ir::InferContext& c, bool (*accepts)(DType), const char* wanted) {
  for (const TensorType& type : c.in) {
    if (!accepts(type.dtype))
      fail(ErrorCode::bad_shape, "", "the op takes {}, received {}", wanted, dtype_name(type.dtype));
    if (type.dtype != c.in[0].dtype) {
      fail(ErrorCode::bad_shape, "", "all inputs need one type, received {} and {}",
           dtype_name(c.in[0].dtype), dtype_name(type.dtype));
    }
  }
}

}  // namespace

void require_floats(const ir::InferContext& c) {
  require_types(c, dtype_is_floating, "floating-point numbers");
}

void require_numbers(const ir::InferContext& c) {
  require_types(c, is_number, "real numbers");
}

void require_bools(const ir::InferContext& c) {
  require_types(
      c, [](DType dtype) { return dtype == DType::boolean; }, "bools");
}

Ints bounded_ints(const Attrs& attrs, const char* name, size_t count, int64_t low, int64_t high,
                  int64_t fallback) {
  Ints values = attrs.ints(name, Ints(count, fallback));
  if (values.size() != count)
    fail(ErrorCode::bad_shape, "", "{} has {} entries, {} are needed", name, values.size(), count);
  for (int64_t value : values) {
    if (value < low || value > high) {
      fail(ErrorCode::bad_shape, "", "{} holds {}, values from {} to {} are accepted", name, value, low,
           high);
    }
  }
  return values;
}

int64_t checked_size(int64_t a, int64_t b, const char* what) {
  if (a == Shape::kUnknown || b == Shape::kUnknown) return Shape::kUnknown;
  int64_t product = 0;
  if (__builtin_mul_overflow(a, b, &product)) {
    fail(ErrorCode::bad_shape, "", "{} would be {} * {}, more than 64 bits can count", what, a, b);
  }
  return product;
}

void infer_unary(ir::InferContext& c) {
  c.result(c.in[0].dtype, c.in[0].shape);
}

void infer_float_unary(ir::InferContext& c) {
  require_floats(c);
  infer_unary(c);
}

void infer_number_unary(ir::InferContext& c) {
  require_numbers(c);
  infer_unary(c);
}

void infer_float_test(ir::InferContext& c) {
  require_floats(c);
  c.result(DType::boolean, c.in[0].shape);
}

void infer_binary(ir::InferContext& c) {
  require_numbers(c);
  c.result(c.in[0].dtype, broadcast_shapes(c.in[0].shape, c.in[1].shape));
}

void infer_float_binary(ir::InferContext& c) {
  require_floats(c);
  infer_binary(c);
}

void infer_compare(ir::InferContext& c) {
  if (c.in[0].dtype != DType::boolean || c.in[1].dtype != DType::boolean) require_numbers(c);
  c.result(DType::boolean, broadcast_shapes(c.in[0].shape, c.in[1].shape));
}

void infer_logical(ir::InferContext& c) {
  require_bools(c);
  c.result(DType::boolean, broadcast_shapes(c.in[0].shape, c.in[1].shape));
}

std::vector<bool> reduced_axes(const Attrs& attrs, int rank) {
  const Ints axes = attrs.ints("axes", Ints{});
  std::vector<bool> reduced(static_cast<size_t>(rank), axes.empty() && !attrs.has("axes"));
  for (int64_t axis : axes) reduced[static_cast<size_t>(normalize_axis(axis, rank))] = true;
  return reduced;
}

namespace {

Shape reduced_shape(const Shape& x, const Attrs& attrs) {
  const std::vector<bool> reduced = reduced_axes(attrs, x.rank());
  Shape out;
  for (int axis = 0; axis < x.rank(); ++axis) {
    if (!reduced[static_cast<size_t>(axis)]) {
      out.push_back(x[axis]);
    } else if (attrs.flag("keepdims")) {
      out.push_back(1);
    }
  }
  return out;
}

}  // namespace

void infer_reduce(ir::InferContext& c) {
  require_numbers(c);
  c.result(c.in[0].dtype, reduced_shape(c.in[0].shape, c.attrs));
}

void infer_logical_reduce(ir::InferContext& c) {
  require_bools(c);
  c.result(DType::boolean, reduced_shape(c.in[0].shape, c.attrs));
}

}  // namespace cornu::ops
