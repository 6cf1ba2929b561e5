// What op files share: typed dispatch, strides, and the shape rules and kernels of whole families.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <type_traits>

#include "base/fail.h"
#include "base/half.h"
#include "base/kernel.h"
#include "ir/op_def.h"

namespace cornu::ops {

// Calls fn with a zero of the element type and returns its result. Types outside the set are refused by the
// caller's rule.
template <class Fn>
auto with_float_type(DType dtype, Fn&& fn) {
  if (dtype == DType::float64) return fn(double{});
  return fn(float{});
}

// Real numbers: floats, ints and bool (as uint8_t).
template <class Fn>
auto with_number_type(DType dtype, Fn&& fn) {
  switch (dtype) {
    case DType::float64:
      return fn(double{});
    case DType::int8:
      return fn(int8_t{});
    case DType::int16:
      return fn(int16_t{});
    case DType::int32:
      return fn(int32_t{});
    case DType::int64:
      return fn(int64_t{});
    case DType::uint8:
    case DType::boolean:
      return fn(uint8_t{});
    case DType::uint16:
      return fn(uint16_t{});
    case DType::uint32:
      return fn(uint32_t{});
    case DType::uint64:
      return fn(uint64_t{});
    default:
      return fn(float{});
  }
}

// The output array of type T.
template <class T>
T* out_as(const KernelCall& call, int i = 0) {
  return reinterpret_cast<T*>(call.out[i]);
}

template <class T>
UnalignedArray<T> in_as(const KernelCall& call, int i = 0) {
  return {call.in[i]};
}

using Strides = std::array<int64_t, Shape::kMaxRank>;

// Row-major strides in elements.
Strides strides_of(const Shape& shape);

// Strides of `shape` when it is broadcast to `to` (0 along broadcast axes), aligned to the axes of `to`.
Strides broadcast_strides(const Shape& shape, const Shape& to);

// Calls fn(out_index, offset_a, offset_b) for every element of `shape` in row-major order, where each offset
// is sum(index * strides).
template <class Fn>
void for_each_offsets(const Shape& shape, const Strides& a, const Strides& b, Fn&& fn) {
  const int64_t total = shape.elements();
  Strides index{};
  int64_t offset_a = 0;
  int64_t offset_b = 0;
  for (int64_t i = 0; i < total; ++i) {
    fn(i, offset_a, offset_b);
    for (int axis = shape.rank() - 1; axis >= 0; --axis) {
      const auto k = static_cast<size_t>(axis);
      offset_a += a[k];
      offset_b += b[k];
      if (++index[k] < shape[axis]) break;
      offset_a -= index[k] * a[k];
      offset_b -= index[k] * b[k];
      index[k] = 0;
    }
  }
}

// The same for one operand: fn(out_index, offset).
template <class Fn>
void for_each_offset(const Shape& shape, const Strides& strides, Fn&& fn) {
  for_each_offsets(shape, strides, strides, [&](int64_t i, int64_t offset, int64_t) { fn(i, offset); });
}

// Copies input 0 to output 0: the reference of every alias op.
PreparedKernel copy_first_input(const KernelSite& site);

// Shape rules of families.
void infer_unary(ir::InferContext& c);        // out = type and shape of in[0]
void infer_float_unary(ir::InferContext& c);  // the same; bad_shape for integers
void infer_binary(ir::InferContext& c);       // broadcast; both inputs of one dtype (bad_shape otherwise)
void infer_compare(ir::InferContext& c);      // broadcast; boolean out
// Reduction over attr "axes" (Ints, negative counts from the end; absent: all; empty: none) with flag
// "keepdims".
void infer_reduce(ir::InferContext& c);
// Per axis, whether attr "axes" reduces it.
std::vector<bool> reduced_axes(const Attrs& attrs, int rank);

// y = Fn(x) element by element in float or double.
template <double (*Fn)(double, const Attrs&)>
PreparedKernel prepare_float_unary(const KernelSite& site) {
  const int64_t count = site.out[0].shape.elements();
  Attrs attrs = site.attrs;
  return with_float_type(site.in[0].dtype, [&](auto zero) {
    using T = decltype(zero);
    return PreparedKernel{[count, attrs](const KernelCall& call) {
                            const auto x = in_as<T>(call);
                            T* y = out_as<T>(call);
                            for (int64_t i = 0; i < count; ++i)
                              y[i] = static_cast<T>(Fn(static_cast<double>(x[i]), attrs));
                          },
                          0,
                          {}};
  });
}

// y = Fn(a, b) with broadcasting; Fn is a generic functor type with `template <class T> static T apply(T a, T
// b)`.
template <class Fn, class Out = void>
PreparedKernel prepare_binary(const KernelSite& site) {
  const Shape out = site.out[0].shape;
  const auto sa = broadcast_strides(site.in[0].shape, out);
  const auto sb = broadcast_strides(site.in[1].shape, out);
  return with_number_type(site.in[0].dtype, [&](auto zero) {
    using T = decltype(zero);
    using R = std::conditional_t<std::is_void_v<Out>, T, Out>;
    return PreparedKernel{[out, sa, sb](const KernelCall& call) {
                            const auto a = in_as<T>(call, 0);
                            const auto b = in_as<T>(call, 1);
                            R* y = out_as<R>(call);
                            for_each_offsets(out, sa, sb, [&](int64_t i, int64_t ia, int64_t ib) {
                              y[i] = static_cast<R>(Fn::template apply<T>(a[ia], b[ib]));
                            });
                          },
                          0,
                          {}};
  });
}

}  // namespace cornu::ops

// Opens the one definition of an op file: CORNU_OP(relu) = {.name = "relu", .infer = infer_unary, .reference
// = reference};
#define CORNU_OP(unit)              \
  extern const ir::OpDef op_##unit; \
  const ir::OpDef op_##unit
