// What cumsum and cumprod share.
#pragma once

#include "ops/reduce.h"

namespace cornu::ops {

// Numbers in, the same shape and type out. Attrs: axis 0; exclusive, reverse (flags).
void infer_cumulate(ir::InferContext& c);

// y = the elements up to each one along the axis, combined by Op: static Sum start<Sum>(), static Sum
// add(Sum, Sum). Floats are combined in double; integers wrap around.
template <class Op, class T>
void cumulate_lines(int64_t lines, int64_t size, int64_t stride, bool exclusive, bool reverse,
                    const KernelCall& call) {
  const auto x = in_as<T>(call);
  T* y = out_as<T>(call);
  for (int64_t line = 0; line < lines; ++line) {
    const int64_t first = line / stride * stride * size + line % stride;
    auto sum = Op::template start<SumType<T>>();
    for (int64_t i = 0; i < size; ++i) {
      const int64_t at = first + (reverse ? size - 1 - i : i) * stride;
      const SumType<T> before = sum;
      sum = Op::add(sum, static_cast<SumType<T>>(x[at]));
      y[at] = static_cast<T>(exclusive ? before : sum);
    }
  }
}

template <class Op>
PreparedKernel cumulate(const KernelSite& site) {
  if (is_empty(site)) return do_nothing();
  const Shape& x = site.in[0].shape;
  const int axis = normalize_axis(site.attrs.integer("axis", 0), x.rank());
  const int64_t size = x[axis];
  const int64_t stride = x.elements(axis + 1, x.rank());
  const int64_t lines = x.elements() / size;
  const bool exclusive = site.attrs.flag("exclusive");
  const bool reverse = site.attrs.flag("reverse");
  return with_number_type(site.in[0].dtype, [&](auto zero) {
    using T = decltype(zero);
    return PreparedKernel{
        [=](const KernelCall& call) { cumulate_lines<Op, T>(lines, size, stride, exclusive, reverse, call); },
        0,
        {}};
  });
}

}  // namespace cornu::ops
