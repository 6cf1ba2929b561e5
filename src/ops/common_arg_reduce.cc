#include "ops/arg_reduce.h"

namespace cornu::ops {

DType index_type(const Attrs& attrs) {
  const DType dtype = attrs.has("dtype") ? attrs.dtype("dtype") : DType::int64;
  if (dtype != DType::int64 && dtype != DType::int32) {
    fail(ErrorCode::bad_shape, "", "an index cannot be given as {}, only as int32 or int64",
         dtype_name(dtype));
  }
  return dtype;
}

void infer_arg_reduce(ir::InferContext& c) {
  require_numbers(c);
  const Shape& x = c.in[0].shape;
  const int reduced = normalize_axis(c.attrs.integer("axis"), x.rank());
  if (x[reduced] == 0)
    fail(ErrorCode::bad_shape, "", "axis {} of {} is empty and has no largest element", reduced,
         x.to_string());
  Shape out;
  for (int axis = 0; axis < x.rank(); ++axis) {
    if (axis != reduced) {
      out.push_back(x[axis]);
    } else if (c.attrs.flag("keepdims")) {
      out.push_back(1);
    }
  }
  c.result(index_type(c.attrs), out);
}

}  // namespace cornu::ops
