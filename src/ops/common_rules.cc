// Shape rules and helpers that whole families of ops share; see op.h.
#include "ops/op.h"

namespace cornu::ops {

Strides strides_of(const Shape& shape) {
  Strides strides{};
  int64_t stride = 1;
  for (int axis = shape.rank() - 1; axis >= 0; --axis) {
    strides[static_cast<size_t>(axis)] = stride;
    stride *= shape[axis];
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

void infer_unary(ir::InferContext& c) {
  c.result(c.in[0].dtype, c.in[0].shape);
}

void infer_float_unary(ir::InferContext& c) {
  if (!dtype_is_floating(c.in[0].dtype)) {
    fail(ErrorCode::bad_shape, "", "the op takes floating-point numbers, received {}",
         dtype_name(c.in[0].dtype));
  }
  infer_unary(c);
}

namespace {

Shape binary_shape(const ir::InferContext& c) {
  if (c.in[0].dtype != c.in[1].dtype) {
    fail(ErrorCode::bad_shape, "", "both operands need one type, received {} and {}",
         dtype_name(c.in[0].dtype), dtype_name(c.in[1].dtype));
  }
  return broadcast_shapes(c.in[0].shape, c.in[1].shape);
}

}  // namespace

void infer_binary(ir::InferContext& c) {
  c.result(c.in[0].dtype, binary_shape(c));
}

void infer_compare(ir::InferContext& c) {
  c.result(DType::boolean, binary_shape(c));
}

std::vector<bool> reduced_axes(const Attrs& attrs, int rank) {
  const Ints axes = attrs.ints("axes", Ints{});
  std::vector<bool> reduced(static_cast<size_t>(rank), axes.empty() && !attrs.has("axes"));
  for (int64_t axis : axes) reduced[static_cast<size_t>(normalize_axis(axis, rank))] = true;
  return reduced;
}

void infer_reduce(ir::InferContext& c) {
  const Shape& x = c.in[0].shape;
  const std::vector<bool> reduced = reduced_axes(c.attrs, x.rank());
  Shape out;
  for (int axis = 0; axis < x.rank(); ++axis) {
    if (!reduced[static_cast<size_t>(axis)]) {
      out.push_back(x[axis]);
    } else if (c.attrs.flag("keepdims")) {
      out.push_back(1);
    }
  }
  c.result(c.in[0].dtype, out);
}

}  // namespace cornu::ops
