// What op files share: typed dispatch, strides, and the shape rules and kernels of whole families.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <type_traits>
#include <vector>

#include "base/epilogue.h"
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

// Elements that are only moved, never computed with: one type per size, so that moving code is compiled once
// per size.
using Bytes16 = std::array<uint64_t, 2>;
template <class Fn>
auto with_element_type(DType dtype, Fn&& fn) {
  switch (dtype_size(dtype)) {
    case 1:
      return fn(uint8_t{});
    case 2:
      return fn(uint16_t{});
    case 4:
      return fn(uint32_t{});
    case 8:
      return fn(uint64_t{});
    default:
      return fn(Bytes16{});
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

// The kernel of an output without elements. References return it before they look at other sizes: those of an
// empty tensor may be absurd, as their product is 0.
inline bool is_empty(const KernelSite& site) {
  return site.out[0].shape.elements() == 0;
}
inline PreparedKernel do_nothing() {
  return {[](const KernelCall&) {}, 0, {}};
}

using Strides = std::array<int64_t, Shape::kMaxRank>;

// Row-major strides in elements.
Strides strides_of(const Shape& shape);

// Strides of `shape` when it is broadcast to `to` (0 along broadcast axes), aligned to the axes of `to`.
Strides broadcast_strides(const Shape& shape, const Shape& to);

// Calls fn(index, offsets) for every element of `shape` in row-major order, where offsets[k] is
// sum(index along axis * strides[k] of the axis).
template <size_t N, class Fn>
void for_each_offsets(const Shape& shape, const std::array<Strides, N>& strides, Fn&& fn) {
  const int64_t total = shape.elements();
  Strides index{};
  std::array<int64_t, N> offsets{};
  for (int64_t i = 0; i < total; ++i) {
    fn(i, static_cast<const std::array<int64_t, N>&>(offsets));
    for (int axis = shape.rank() - 1; axis >= 0; --axis) {
      const auto a = static_cast<size_t>(axis);
      for (size_t k = 0; k < N; ++k) offsets[k] += strides[k][a];
      if (++index[a] < shape[axis]) break;
      for (size_t k = 0; k < N; ++k) offsets[k] -= index[a] * strides[k][a];
      index[a] = 0;
    }
  }
}

// The same for one operand: fn(index, offset).
template <class Fn>
void for_each_offset(const Shape& shape, const Strides& strides, Fn&& fn) {
  for_each_offsets<1>(shape, {strides},
                      [&](int64_t i, const std::array<int64_t, 1>& offsets) { fn(i, offsets[0]); });
}

// The axes of a tensor split into those that an op walks along and the rest, each as a small shape with x's
// strides.
struct AxisSplit {
  Shape kept, walked;
  Strides kept_strides{}, walked_strides{};
};
AxisSplit split_axes(const Shape& x, const std::vector<bool>& walked);

// Copies input 0 to output 0: the reference of every alias op.
PreparedKernel copy_first_input(const KernelSite& site);

// What rules ask of types and attributes; each throws bad_shape with the values received.
void require_floats(const ir::InferContext& c);   // every input is of one floating-point type
void require_numbers(const ir::InferContext& c);  // every input is of one integer or floating-point type
void require_bools(const ir::InferContext& c);
// Attribute `name`, `count` integers in [low, high]; `fallback` for each if it is absent.
Ints bounded_ints(const Attrs& attrs, const char* name, size_t count, int64_t low, int64_t high,
                  int64_t fallback);
int64_t checked_size(int64_t a, int64_t b, const char* what);  // a * b for sizes; kUnknown if one is

// Shape rules of families.
void infer_unary(ir::InferContext& c);         // out = type and shape of in[0]
void infer_float_unary(ir::InferContext& c);   // the same; floating point only
void infer_number_unary(ir::InferContext& c);  // the same; integers or floating point
void infer_float_test(ir::InferContext& c);    // floating point in, boolean of the same shape out
void infer_binary(ir::InferContext& c);        // broadcast numbers of one type
void infer_float_binary(ir::InferContext& c);  // the same; floating point only
void infer_compare(ir::InferContext& c);       // broadcast numbers or bools of one type; boolean out
void infer_logical(ir::InferContext& c);       // broadcast bools
// Reduction over attr "axes" (Ints, negative counts from the end; absent: all; empty: none) with flag
// "keepdims".
void infer_reduce(ir::InferContext& c);          // numbers
void infer_logical_reduce(ir::InferContext& c);  // bools
// Per axis, whether attr "axes" reduces it.
std::vector<bool> reduced_axes(const Attrs& attrs, int rank);

// y[i] = fn(x[i]) computed in double, for floating-point x.
template <class Fn>
PreparedKernel map_floats_with(const KernelSite& site, Fn fn) {
  const int64_t count = site.out[0].shape.elements();
  return with_float_type(site.in[0].dtype, [&](auto zero) {
    using T = decltype(zero);
    return PreparedKernel{[count, fn](const KernelCall& call) {
                            const auto x = in_as<T>(call);
                            T* y = out_as<T>(call);
                            for (int64_t i = 0; i < count; ++i)
                              y[i] = static_cast<T>(fn(static_cast<double>(x[i])));
                          },
                          0,
                          {}};
  });
}

// The same as a reference kernel, for a function without parameters.
template <double (*Fn)(double)>
PreparedKernel map_floats(const KernelSite& site) {
  return map_floats_with(site, [](double x) { return Fn(x); });
}

// The same for the functions that epilogues know.
template <Activation kActivation>
PreparedKernel map_activation(const KernelSite& site) {
  return map_floats_with(site, [](double x) { return apply_activation(kActivation, x); });
}

// y[i] = whether fn(x[i]), for floating-point x.
template <bool (*Fn)(double)>
PreparedKernel test_floats(const KernelSite& site) {
  const int64_t count = site.out[0].shape.elements();
  return with_float_type(site.in[0].dtype, [&](auto zero) {
    using T = decltype(zero);
    return PreparedKernel{[count](const KernelCall& call) {
                            const auto x = in_as<T>(call);
                            uint8_t* y = out_as<uint8_t>(call);
                            for (int64_t i = 0; i < count; ++i) y[i] = Fn(static_cast<double>(x[i])) ? 1 : 0;
                          },
                          0,
                          {}};
  });
}

// y[i] = fn(x[i]) in the type of x, any number; fn is generic.
template <class Fn>
PreparedKernel map_numbers(const KernelSite& site, Fn fn) {
  const int64_t count = site.out[0].shape.elements();
  return with_number_type(site.in[0].dtype, [&](auto zero) {
    using T = decltype(zero);
    return PreparedKernel{[count, fn](const KernelCall& call) {
                            const auto x = in_as<T>(call);
                            T* y = out_as<T>(call);
                            for (int64_t i = 0; i < count; ++i) y[i] = static_cast<T>(fn(x[i]));
                          },
                          0,
                          {}};
  });
}

// Integer arithmetic wraps around instead of overflowing: it is done on the unsigned bits.
template <class T>
uint64_t bits_of(T value) {
  return static_cast<uint64_t>(value);
}

// a / b cut toward zero, for integers: x / 0 is 0, and the smallest integer / -1 wraps around.
template <class T>
T divide(T a, T b) {
  if (b == T{0}) return T{0};
  if constexpr (std::is_signed_v<T>) {
    if (b == static_cast<T>(-1)) return static_cast<T>(0 - bits_of(a));
  }
  return static_cast<T>(a / b);
}

// y = Op::apply(a, b) with broadcasting; Op has `template <class T> static T apply(T a, T b)`, or bool for
// Out = uint8_t.
template <class Op, class Out = void>
PreparedKernel map_pairs(const KernelSite& site) {
  const Shape out = site.out[0].shape;
  const std::array<Strides, 2> strides = {broadcast_strides(site.in[0].shape, out),
                                          broadcast_strides(site.in[1].shape, out)};
  return with_number_type(site.in[0].dtype, [&](auto zero) {
    using T = decltype(zero);
    using R = std::conditional_t<std::is_void_v<Out>, T, Out>;
    return PreparedKernel{[out, strides](const KernelCall& call) {
                            const auto a = in_as<T>(call, 0);
                            const auto b = in_as<T>(call, 1);
                            R* y = out_as<R>(call);
                            for_each_offsets<2>(
                                out, strides, [&](int64_t i, const std::array<int64_t, 2>& at) {
                                  y[i] = static_cast<R>(Op::template apply<T>(a[at[0]], b[at[1]]));
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
