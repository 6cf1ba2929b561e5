#include "ops/arg_reduce.h"

namespace cornu::ops {

void infer_arg_reduce(ir::InferContext& c) {
  require_numbers(c);
  const Shape& x = c.in[0].shape;
  const int reduced = normalize_axis(c.attrs.integer("axis"), x.rank());
  const DType dtype = c.attrs.has("dtype") ? c.attrs.dtype("dtype") : DType::int64;
  if (!dtype_is_integer(dtype)) {
    fail(ErrorCode::bad_shape, "", "an index cannot be given as {}, an integer type is needed",
         dtype_name(dtype));
  }
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
  c.result(dtype, out);
}

}  // namespace cornu::ops
