// What argmax, argmin and argsort share.
#pragma once

#include "ops/op.h"

namespace cornu::ops {

// Attr dtype of an op whose result is indices: int64 (default) or int32; bad_shape for another.
DType index_type(const Attrs& attrs);

template <class Fn>
auto with_index_type(DType dtype, Fn&& fn) {
  if (dtype == DType::int32) return fn(int32_t{});
  return fn(int64_t{});
}

// Attrs axis; keepdims (flag); dtype. Throws bad_shape for an empty
// axis.
void infer_arg_reduce(ir::InferContext& c);

// The index of the first element that Op::is_better than all before; a NaN is better than any number.
template <class Op>
PreparedKernel arg_reduce(const KernelSite& site) {
  if (is_empty(site)) return do_nothing();
  const Shape& x_shape = site.in[0].shape;
  const int axis = normalize_axis(site.attrs.integer("axis"), x_shape.rank());
  const int64_t size = x_shape[axis];
  const int64_t stride = x_shape.elements(axis + 1, x_shape.rank());
  const int64_t lines = x_shape.elements() / size;
  return with_index_type(site.out[0].dtype, [&](auto out_zero) {
    using Index = decltype(out_zero);
    return with_number_type(site.in[0].dtype, [&](auto zero) {
      using T = decltype(zero);
      return PreparedKernel{[=](const KernelCall& call) {
                              for (int64_t line = 0; line < lines; ++line) {
                                const auto x =
                                    in_as<T>(call) + (line / stride * stride * size + line % stride);
                                int64_t best = 0;
                                for (int64_t i = 1; i < size; ++i) {
                                  const T old = x[best * stride];
                                  const T value = x[i * stride];
                                  if (old == old && (value != value || Op::is_better(value, old))) best = i;
                                }
                                out_as<Index>(call)[line] = static_cast<Index>(best);
                              }
                            },
                            0,
                            {}};
    });
  });
}

}  // namespace cornu::ops
