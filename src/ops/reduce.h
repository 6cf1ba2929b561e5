// Reference kernels of reductions over attr "axes": the elements of each group are visited in row-major
// order.
#pragma once

#include "ops/op.h"

namespace cornu::ops {

// Reads the type of sums: double for floats, wrapping 64 bits for integers.
template <class T>
using SumType = std::conditional_t<std::is_floating_point_v<T>, double, uint64_t>;

// Op has  template <class T> static <sum> start();  static <sum> add(sum, T);  static T end(sum, int64_t
// count).
template <class Op>
PreparedKernel reduce(const KernelSite& site) {
  const Shape& x_shape = site.in[0].shape;
  const AxisSplit split = split_axes(x_shape, reduced_axes(site.attrs, x_shape.rank()));
  const int64_t count = split.walked.elements();
  return with_number_type(site.in[0].dtype, [&](auto zero) {
    using T = decltype(zero);
    return PreparedKernel{[split, count](const KernelCall& call) {
                            const auto x = in_as<T>(call);
                            T* y = out_as<T>(call);
                            for_each_offset(split.kept, split.kept_strides, [&](int64_t i, int64_t base) {
                              auto sum = Op::template start<T>();
                              for_each_offset(
                                  split.walked, split.walked_strides,
                                  [&](int64_t, int64_t offset) { sum = Op::add(sum, x[base + offset]); });
                              y[i] = Op::template end<T>(sum, count);
                            });
                          },
                          0,
                          {}};
  });
}

}  // namespace cornu::ops
