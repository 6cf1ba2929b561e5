// select: y = a where the condition holds, else b; all three broadcast.
// Inputs  condition  bool;  a, b  one type, any     Output  y  their type
// Errors  bad_shape if the condition is not bool, a and b differ in type, or the shapes do not broadcast
#include "ops/op.h"

namespace cornu::ops {
namespace {

void infer(ir::InferContext& c) {
  if (c.in[0].dtype != DType::boolean) {
    fail(ErrorCode::bad_shape, "", "the condition of select is {}, it must be bool",
         dtype_name(c.in[0].dtype));
  }
  if (c.in[1].dtype != c.in[2].dtype) {
    fail(ErrorCode::bad_shape, "", "select chooses between {} and {}, both need one type",
         dtype_name(c.in[1].dtype), dtype_name(c.in[2].dtype));
  }
  c.result(c.in[1].dtype, broadcast_shapes(c.in[0].shape, broadcast_shapes(c.in[1].shape, c.in[2].shape)));
}

PreparedKernel reference(const KernelSite& site) {
  const Shape out = site.out[0].shape;
  const std::array<Strides, 3> strides = {broadcast_strides(site.in[0].shape, out),
                                          broadcast_strides(site.in[1].shape, out),
                                          broadcast_strides(site.in[2].shape, out)};
  return with_element_type(site.out[0].dtype, [&](auto zero) {
    using T = decltype(zero);
    return PreparedKernel{[out, strides](const KernelCall& call) {
                            const auto condition = in_as<uint8_t>(call, 0);
                            const auto a = in_as<T>(call, 1);
                            const auto b = in_as<T>(call, 2);
                            T* y = out_as<T>(call);
                            for_each_offsets<3>(out, strides,
                                                [&](int64_t i, const std::array<int64_t, 3>& at) {
                                                  y[i] = condition[at[0]] != 0 ? a[at[1]] : b[at[2]];
                                                });
                          },
                          0,
                          {}};
  });
}

}  // namespace

CORNU_OP(select) = {.name = "select",
                    .min_inputs = 3,
                    .max_inputs = 3,
                    .infer = infer,
                    .reference = reference,
                    .elementwise = true};

}  // namespace cornu::ops
