// The reference of softmax and its kin: a function over all elements along attr "axis" (-1 by default).
#pragma once

#include "ops/op.h"

namespace cornu::ops {

void infer_softmax(ir::InferContext& c);

// Calls fn(x, y, n) for each line of n doubles along the axis; x is scratch that fn may change, y receives
// the result.
template <void (*Fn)(double* x, double* y, int64_t n)>
PreparedKernel map_lines(const KernelSite& site) {
  if (is_empty(site)) return do_nothing();
  const Shape& shape = site.in[0].shape;
  const int axis = normalize_axis(site.attrs.integer("axis", -1), shape.rank());
  const int64_t size = shape[axis];
  const int64_t stride = shape.elements(axis + 1, shape.rank());
  const int64_t lines = shape.elements() / size;
  return with_float_type(site.in[0].dtype, [&](auto zero) {
    using T = decltype(zero);
    return PreparedKernel{[=](const KernelCall& call) {
                            double* from = reinterpret_cast<double*>(call.scratch);
                            double* to = from + size;
                            for (int64_t line = 0; line < lines; ++line) {
                              const int64_t first = line / stride * stride * size + line % stride;
                              const auto x = in_as<T>(call) + first;
                              for (int64_t i = 0; i < size; ++i) from[i] = static_cast<double>(x[i * stride]);
                              Fn(from, to, size);
                              for (int64_t i = 0; i < size; ++i)
                                out_as<T>(call)[first + i * stride] = static_cast<T>(to[i]);
                            }
                          },
                          2 * size * static_cast<int64_t>(sizeof(double)),
                          {}};
  });
}

}  // namespace cornu::ops
