// Elementwise functions with broadcasting that the IR has no op for: bits of integers, remainders, special functions; and
// Bitcast.
// Source  tensorflow/core/ops/{math,bitwise,array}_ops.cc, 2.21. Special functions: Eigen, which TensorFlow uses as well,
//         computed in double.
#include <bit>
#include <cmath>
#include <unsupported/Eigen/SpecialFunctions>

#include "ops/op.h"
#include "tensorflow/compute.h"

namespace cornu::tensorflow {
namespace {

// fn(a, b) for all pairs of broadcast elements, which are stored as T.
template <class T, class Out, class Fn>
Tensor map_pairs(const Tensor& a, const Tensor& b, DType out_type, Fn fn) {
  const Shape shape = broadcast_shapes(a.shape, b.shape);
  const std::vector<T> x = elements<T>(a);
  const std::vector<T> y = elements<T>(b);
  std::vector<Out> out(static_cast<size_t>(shape.elements()));
  ops::for_each_offsets<2>(
      shape, {ops::broadcast_strides(a.shape, shape), ops::broadcast_strides(b.shape, shape)},
      [&](int64_t i, const std::array<int64_t, 2>& at) {
        out[static_cast<size_t>(i)] = fn(x[static_cast<size_t>(at[0])], y[static_cast<size_t>(at[1])]);
      });
  return tensor_from(out, shape, out_type);
}

void need_integers(const Tensors& in) {
  for (const Tensor& x : in)
    need(dtype_is_integer(x.dtype), "{} has no bits to work on", dtype_name(x.dtype));
  if (in.size() > 1)
    need(in[0].dtype == in[1].dtype, "{} meets {}", dtype_name(in[0].dtype), dtype_name(in[1].dtype));
}

// A shift by less than 0 or by all bits and more is a shift by none and by all but one, as in TensorFlow.
template <class T>
T shift(T x, T by, bool left) {
  const auto bits = static_cast<T>(sizeof(T) * 8 - 1);
  const int count = static_cast<int>(by < T{0} ? T{0} : by > bits ? bits : by);
  if (left) return static_cast<T>(static_cast<uint64_t>(x) << count);
  return static_cast<T>(x >> count);
}

template <class T>
T combine(std::string_view op, T a, T b) {
  if (op == "BitwiseAnd") return static_cast<T>(a & b);
  if (op == "BitwiseOr") return static_cast<T>(a | b);
  if (op == "BitwiseXor") return static_cast<T>(a ^ b);
  return shift(a, b, op == "LeftShift");
}

Tensors bits(const NodeDef& node, Tensors& in) {
  need_integers(in);
  return ops::with_number_type(in[0].dtype, [&](auto zero) -> Tensors {
    using T = decltype(zero);
    if constexpr (std::is_integral_v<T>) {
      return {
          map_pairs<T, T>(in[0], in[1], in[0].dtype, [&](T a, T b) { return combine<T>(node.op, a, b); })};
    } else {
      return {};
    }
  });
}

Tensors invert(const NodeDef& node, Tensors& in) {
  need_integers(in);
  const bool count = node.op == "PopulationCount";
  return ops::with_number_type(in[0].dtype, [&](auto zero) -> Tensors {
    using T = decltype(zero);
    if constexpr (std::is_integral_v<T>) {
      std::vector<T> x = elements<T>(in[0]);
      if (!count) {
        for (T& value : x) value = static_cast<T>(~value);
        return {tensor_from(x, in[0].shape, in[0].dtype)};
      }
      std::vector<uint8_t> out;
      for (T value : x)
        out.push_back(static_cast<uint8_t>(std::popcount(static_cast<std::make_unsigned_t<T>>(value))));
      return {tensor_from(out, in[0].shape, DType::uint8)};
    } else {
      return {};
    }
  });
}

Tensors remainder(const NodeDef&, Tensors& in) {
  need_number(in[0], "x");
  need(in[0].dtype == in[1].dtype, "{} meets {}", dtype_name(in[0].dtype), dtype_name(in[1].dtype));
  return ops::with_number_type(in[0].dtype, [&](auto zero) -> Tensors {
    using T = decltype(zero);
    return {map_pairs<T, T>(in[0], in[1], in[0].dtype, [](T a, T b) {
      if constexpr (std::is_integral_v<T>) {
        return static_cast<T>(ops::bits_of(a) - ops::bits_of(b) * ops::bits_of(ops::divide(a, b)));
      } else {
        return static_cast<T>(std::fmod(a, b));
      }
    })};
  });
}

using Unary = double (*)(double);
using Binary = double (*)(double, double);

struct UnaryFunction {
  std::string_view name;
  Unary fn;
};
const UnaryFunction kUnary[] = {
    {"Lgamma", [](double x) { return std::lgamma(x); }},
    {"Digamma", [](double x) { return Eigen::numext::digamma(x); }},
    {"Erfinv", [](double x) { return Eigen::numext::ndtri((x + 1) / 2) / std::sqrt(2.0); }},
    {"Ndtri", [](double x) { return Eigen::numext::ndtri(x); }},
    {"BesselI0", [](double x) { return Eigen::numext::bessel_i0(x); }},
    {"BesselI0e", [](double x) { return Eigen::numext::bessel_i0e(x); }},
    {"BesselI1", [](double x) { return Eigen::numext::bessel_i1(x); }},
    {"BesselI1e", [](double x) { return Eigen::numext::bessel_i1e(x); }},
    {"BesselJ0", [](double x) { return Eigen::numext::bessel_j0(x); }},
    {"BesselJ1", [](double x) { return Eigen::numext::bessel_j1(x); }},
    {"BesselK0", [](double x) { return Eigen::numext::bessel_k0(x); }},
    {"BesselK0e", [](double x) { return Eigen::numext::bessel_k0e(x); }},
    {"BesselK1", [](double x) { return Eigen::numext::bessel_k1(x); }},
    {"BesselK1e", [](double x) { return Eigen::numext::bessel_k1e(x); }},
    {"BesselY0", [](double x) { return Eigen::numext::bessel_y0(x); }},
    {"BesselY1", [](double x) { return Eigen::numext::bessel_y1(x); }},
};

void need_floats(const Tensors& in) {
  for (const Tensor& x : in)
    need(dtype_is_floating(x.dtype) && x.dtype == in[0].dtype,
         "an input is {}, floats of one type are needed", dtype_name(x.dtype));
}

Tensors special(const NodeDef& node, Tensors& in) {
  need_floats(in);
  std::vector<double> values = to_doubles(in[0]);
  for (const UnaryFunction& function : kUnary) {
    if (function.name != node.op) continue;
    for (double& x : values) x = function.fn(x);
  }
  return {tensor_of_doubles(values, in[0].shape, in[0].dtype)};
}

double igamma(double a, double x) {
  return Eigen::numext::igamma(a, x);
}

struct BinaryFunction {
  std::string_view name;
  Binary fn;
};
const BinaryFunction kBinary[] = {
    {"Igamma", igamma},
    {"Igammac", [](double a, double x) { return Eigen::numext::igammac(a, x); }},
    {"Zeta", [](double x, double q) { return Eigen::numext::zeta(x, q); }},
    {"Polygamma", [](double n, double x) { return Eigen::numext::polygamma(n, x); }},
    {"IgammaGradA", [](double a, double x) { return Eigen::numext::igamma_der_a(a, x); }},
};

Tensors special_pairs(const NodeDef& node, Tensors& in) {
  need_floats(in);
  const Tensor a = cast_tensor(in[0], DType::float64);
  const Tensor b = cast_tensor(in[1], DType::float64);
  for (const BinaryFunction& function : kBinary) {
    if (function.name == node.op)
      return {cast_tensor(map_pairs<double, double>(a, b, DType::float64, function.fn), in[0].dtype)};
  }
  return {};
}

Tensors next_after(const NodeDef&, Tensors& in) {
  need_floats(in);
  if (in[0].dtype == DType::float64)
    return {map_pairs<double, double>(in[0], in[1], DType::float64,
                                      [](double a, double b) { return std::nextafter(a, b); })};
  return {map_pairs<float, float>(in[0], in[1], DType::float32,
                                  [](float a, float b) { return std::nextafter(a, b); })};
}

Tensors betainc(const NodeDef&, Tensors& in) {
  need_floats(in);
  const Shape shape = broadcast_shapes(in[0].shape, broadcast_shapes(in[1].shape, in[2].shape));
  const std::vector<double> a = to_doubles(in[0]), b = to_doubles(in[1]), x = to_doubles(in[2]);
  std::vector<double> out(static_cast<size_t>(shape.elements()));
  std::array<ops::Strides, 3> strides;
  for (size_t i = 0; i < 3; ++i) strides[i] = ops::broadcast_strides(in[i].shape, shape);
  ops::for_each_offsets<3>(shape, strides, [&](int64_t i, const std::array<int64_t, 3>& at) {
    out[static_cast<size_t>(i)] = Eigen::numext::betainc(
        a[static_cast<size_t>(at[0])], b[static_cast<size_t>(at[1])], x[static_cast<size_t>(at[2])]);
  });
  return {tensor_of_doubles(out, shape, in[0].dtype)};
}

Tensors approximate_equal(const NodeDef& node, Tensors& in) {
  need(in[0].shape == in[1].shape, "{} meets {}", in[0].shape.to_string(), in[1].shape.to_string());
  const double tolerance = node.number("tolerance", 1e-5);
  const std::vector<double> a = to_doubles(in[0]), b = to_doubles(in[1]);
  std::vector<uint8_t> out;
  for (size_t i = 0; i < a.size(); ++i) out.push_back(std::abs(a[i] - b[i]) < tolerance);
  return {tensor_from(out, in[0].shape, DType::boolean)};
}

// The same bytes as another type; sizes that differ add or drop a last axis.
Tensors bitcast(const NodeDef& node, Tensors& in) {
  Tensor x = in[0];
  const DType to = node.dtype("type");
  need(x.dtype != DType::string && x.dtype != kVariant && to != DType::string && to != kVariant,
       "{} becomes {}", dtype_name(x.dtype), dtype_name(to));
  const int64_t from_size = dtype_size(x.dtype), to_size = dtype_size(to);
  if (to_size < from_size) x.shape.push_back(from_size / to_size);
  if (to_size > from_size) {
    need(x.shape.rank() > 0 && x.shape.back() * from_size == to_size, "{} elements of {} do not make one {}",
         x.shape.to_string(), dtype_name(x.dtype), dtype_name(to));
    x.shape = sub_shape(x.shape, 0, x.shape.rank() - 1);
  }
  x.dtype = to;
  return {x};
}

Tensors same(const NodeDef&, Tensors& in) {
  return {in[0]};
}

Tensors empty(const NodeDef& node, Tensors& in) {
  const Ints sizes = to_ints(in[0]);
  for (int64_t size : sizes) need(size >= 0, "a size is {}", size);
  return {zeros(node.dtype("dtype"), Shape(sizes))};
}

constexpr ComputeRow kRows[] = {{"BitwiseAnd", 2, bits},
                                {"BitwiseOr", 2, bits},
                                {"BitwiseXor", 2, bits},
                                {"LeftShift", 2, bits},
                                {"RightShift", 2, bits},
                                {"Invert", 1, invert},
                                {"PopulationCount", 1, invert},
                                {"TruncateMod", 2, remainder},
                                {"Mod", 2, remainder},
                                {"Lgamma", 1, special},
                                {"Digamma", 1, special},
                                {"Erfinv", 1, special},
                                {"Ndtri", 1, special},
                                {"BesselI0", 1, special},
                                {"BesselI0e", 1, special},
                                {"BesselI1", 1, special},
                                {"BesselI1e", 1, special},
                                {"BesselJ0", 1, special},
                                {"BesselJ1", 1, special},
                                {"BesselK0", 1, special},
                                {"BesselK0e", 1, special},
                                {"BesselK1", 1, special},
                                {"BesselK1e", 1, special},
                                {"BesselY0", 1, special},
                                {"BesselY1", 1, special},
                                {"Igamma", 2, special_pairs},
                                {"Igammac", 2, special_pairs},
                                {"IgammaGradA", 2, special_pairs},
                                {"Zeta", 2, special_pairs},
                                {"Polygamma", 2, special_pairs},
                                {"NextAfter", 2, next_after},
                                {"Betainc", 3, betainc},
                                {"ApproximateEqual", 2, approximate_equal},
                                {"Bitcast", 1, bitcast, "", false},
                                {"DeepCopy", 1, same, "", false},
                                {"Empty", 1, empty, "", false}};
constexpr auto kNames = names_of(kRows);

Tensors compute(const NodeDef& node, dynamic::Call& call) {
  return run_row(kRows, node, call);
}

}  // namespace

CORNU_TF_OP(elementwise) = {.names = kNames, .compute = compute};

}  // namespace cornu::tensorflow
