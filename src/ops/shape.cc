// shape: the sizes of x as a tensor.
// Input   x  any type     Output  y  (rank,)     Attrs  dtype  int64 (default) or int32
#include "ops/cast_number.h"

namespace cornu::ops {
namespace {

void infer(ir::InferContext& c) {
  const DType dtype = c.attrs.has("dtype") ? c.attrs.dtype("dtype") : DType::int64;
  if (!dtype_is_integer(dtype))
    fail(ErrorCode::bad_shape, "", "sizes cannot be given as {}, an integer type is needed",
         dtype_name(dtype));
  c.result(dtype, {c.in[0].shape.rank()});
}

PreparedKernel reference(const KernelSite& site) {
  const Shape x = site.in[0].shape;
  return with_number_type(site.out[0].dtype, [&](auto zero) {
    using T = decltype(zero);
    return PreparedKernel{[x](const KernelCall& call) {
                            for (int axis = 0; axis < x.rank(); ++axis)
                              out_as<T>(call)[axis] = cast_number<T>(x[axis]);
                          },
                          0,
                          {}};
  });
}

}  // namespace

CORNU_OP(shape) = {.name = "shape", .infer = infer, .reference = reference, .shape_only = true};

}  // namespace cornu::ops
