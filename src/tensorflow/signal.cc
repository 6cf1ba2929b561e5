// Fourier transforms and complex numbers: FFT*, IFFT*, RFFT*, IRFFT*, Complex, Real, Imag, Angle, ComplexAbs, Conj; and
// Add, Sub, Mul, RealDiv, Neg, Exp, Square, Cast of complex numbers (of real ones: the IR op of that name).
// Transforms are Eigen's, of any length, in double.
// Source  tensorflow/core/ops/{spectral,math}_ops.cc, 2.21
#include <algorithm>
#include <cmath>
#include <complex>
#include <unsupported/Eigen/FFT>

#include "ops/op.h"
#include "tensorflow/complex.h"
#include "tensorflow/compute.h"
#include "tensorflow/late.h"

namespace cornu::tensorflow {
namespace {

using Number = std::complex<double>;
using Numbers = std::vector<Number>;

DType part_of(DType dtype) {
  return dtype == DType::complex128 ? DType::float64 : DType::float32;
}
DType complex_of(DType dtype) {
  return dtype == DType::float64 ? DType::complex128 : DType::complex64;
}

// Real numbers have no imaginary part.
Numbers numbers_of(const Tensor& x) {
  Numbers out;
  if (!is_complex(x.dtype)) {
    need_number(x, "x");
    for (double value : to_doubles(x)) out.emplace_back(value, 0);
    return out;
  }
  Tensor parts = x;
  parts.dtype = part_of(x.dtype);
  parts.shape.push_back(2);
  const std::vector<double> values = to_doubles(parts);
  for (size_t i = 0; i < values.size(); i += 2) out.emplace_back(values[i], values[i + 1]);
  return out;
}

Tensor complex_tensor(const Numbers& values, const Shape& shape, DType dtype) {
  std::vector<double> parts;
  for (const Number& value : values) parts.insert(parts.end(), {value.real(), value.imag()});
  Shape wide = shape;
  wide.push_back(2);
  Tensor out = tensor_of_doubles(parts, wide, part_of(dtype));
  out.dtype = dtype;
  out.shape = shape;
  return out;
}

Tensors complex(const NodeDef&, Tensors& in) {
  const Shape shape = broadcast_shapes(in[0].shape, in[1].shape);
  need(dtype_is_floating(in[0].dtype) && in[0].dtype == in[1].dtype, "the parts are {} and {}",
       dtype_name(in[0].dtype), dtype_name(in[1].dtype));
  const std::vector<double> real = to_doubles(in[0]), imaginary = to_doubles(in[1]);
  Numbers out(static_cast<size_t>(shape.elements()));
  ops::for_each_offsets<2>(
      shape, {ops::broadcast_strides(in[0].shape, shape), ops::broadcast_strides(in[1].shape, shape)},
      [&](int64_t i, const std::array<int64_t, 2>& at) {
        out[static_cast<size_t>(i)] = {real[static_cast<size_t>(at[0])],
                                       imaginary[static_cast<size_t>(at[1])]};
      });
  return {complex_tensor(out, shape, complex_of(in[0].dtype))};
}

Tensors part(const NodeDef& node, Tensors& in) {
  std::vector<double> out;
  for (const Number& value : numbers_of(in[0])) {
    if (node.op == "Real") out.push_back(value.real());
    if (node.op == "Imag") out.push_back(value.imag());
    if (node.op == "Angle") out.push_back(std::arg(value));
    if (node.op == "ComplexAbs") out.push_back(std::abs(value));
  }
  return {tensor_of_doubles(out, in[0].shape, is_complex(in[0].dtype) ? part_of(in[0].dtype) : in[0].dtype)};
}

Tensors conjugate(const NodeDef&, Tensors& in) {
  if (!is_complex(in[0].dtype)) return {in[0]};
  Numbers values = numbers_of(in[0]);
  for (Number& value : values) value = std::conj(value);
  return {complex_tensor(values, in[0].shape, in[0].dtype)};
}

Tensors arithmetic(const NodeDef& node, Tensors& in) {
  const Shape shape = broadcast_shapes(in[0].shape, in[1].shape);
  need(in[0].dtype == in[1].dtype, "{} meets {}", dtype_name(in[0].dtype), dtype_name(in[1].dtype));
  const Numbers a = numbers_of(in[0]), b = numbers_of(in[1]);
  Numbers out(static_cast<size_t>(shape.elements()));
  const auto apply = [&](const Number& x, const Number& y) {
    if (node.op == "Mul") return x * y;
    if (node.op == "RealDiv") return x / y;
    return node.op == "Sub" ? x - y : x + y;
  };
  ops::for_each_offsets<2>(
      shape, {ops::broadcast_strides(in[0].shape, shape), ops::broadcast_strides(in[1].shape, shape)},
      [&](int64_t i, const std::array<int64_t, 2>& at) {
        out[static_cast<size_t>(i)] = apply(a[static_cast<size_t>(at[0])], b[static_cast<size_t>(at[1])]);
      });
  return {complex_tensor(out, shape, in[0].dtype)};
}

Tensors function(const NodeDef& node, Tensors& in) {
  Numbers values = numbers_of(in[0]);
  for (Number& value : values)
    value = node.op == "Exp" ? std::exp(value) : node.op == "Neg" ? -value : value * value;
  return {complex_tensor(values, in[0].shape, in[0].dtype)};
}

Tensors cast(const NodeDef& node, Tensors& in) {
  const DType to = node.dtype("DstT");
  const Numbers values = numbers_of(in[0]);
  if (is_complex(to)) return {complex_tensor(values, in[0].shape, to)};
  std::vector<double> real;
  for (const Number& value : values) real.push_back(value.real());
  return {tensor_of_doubles(real, in[0].shape, to)};
}

// How many of the last axes are transformed.
int axes_of(std::string_view op) {
  return op.ends_with("2D") ? 2 : op.ends_with("3D") ? 3 : 1;
}

// Cuts or fills an axis with zeros.
Numbers resized(const Numbers& x, Shape& shape, int axis, int64_t size) {
  const int64_t outer = shape.elements(0, axis), before = shape[axis],
                inner = shape.elements(axis + 1, shape.rank());
  const Shape wanted = shape.with(axis, size);
  Numbers out(static_cast<size_t>(wanted.elements()));
  for (int64_t o = 0; o < outer; ++o) {
    for (int64_t i = 0; i < std::min(before, size) * inner; ++i)
      out[static_cast<size_t>(o * size * inner + i)] = x[static_cast<size_t>(o * before * inner + i)];
  }
  shape = wanted;
  return out;
}

void transform_axis(Numbers& x, const Shape& shape, int axis, bool inverse) {
  const int64_t size = shape[axis], inner = shape.elements(axis + 1, shape.rank());
  if (size == 0) return;
  Eigen::FFT<double> fft;
  Numbers line(static_cast<size_t>(size)), result;
  for (int64_t at = 0; at < shape.elements() / size; ++at) {
    Number* first = x.data() + at / inner * inner * size + at % inner;
    for (int64_t i = 0; i < size; ++i) line[static_cast<size_t>(i)] = first[i * inner];
    if (size == 1) continue;
    if (inverse) {
      fft.inv(result, line);
    } else {
      fft.fwd(result, line);
    }
    for (int64_t i = 0; i < size; ++i) first[i * inner] = result[static_cast<size_t>(i)];
  }
}

// Half of a real signal's spectrum -> all of it, along the last axis, for a signal of `size`.
Numbers completed(const Numbers& half, Shape& shape, int64_t size) {
  const int last = shape.rank() - 1;
  const int64_t given = shape[last], outer = shape.elements(0, last);
  Numbers out(static_cast<size_t>(outer * size));
  for (int64_t o = 0; o < outer; ++o) {
    const Number* from = half.data() + o * given;
    for (int64_t i = 0; i < size; ++i) {
      const bool stored = i < given;
      Number value = stored ? from[i] : std::conj(from[size - i]);
      // The parts that a real signal cannot have are not looked at.
      if (i == 0 || 2 * i == size) value = {value.real(), 0};
      out[static_cast<size_t>(o * size + i)] = value;
    }
  }
  shape = shape.with(last, size);
  return out;
}

Tensors complex_transform(const NodeDef& node, Tensors& in) {
  const int axes = axes_of(node.op), rank = in[0].shape.rank();
  need(is_complex(in[0].dtype) && rank >= axes, "x is a {} of shape {}", dtype_name(in[0].dtype),
       in[0].shape.to_string());
  Numbers values = numbers_of(in[0]);
  for (int axis = rank - axes; axis < rank; ++axis)
    transform_axis(values, in[0].shape, axis, node.op.starts_with("I") || node.op.starts_with("BatchI"));
  return {complex_tensor(values, in[0].shape, in[0].dtype)};
}

std::vector<int64_t> lengths_of(const NodeDef& node, const Tensors& in) {
  const std::vector<int64_t> lengths = to_ints(in[1]);
  need(static_cast<int>(lengths.size()) == axes_of(node.op) && in[0].shape.rank() >= axes_of(node.op),
       "fft_length holds {} sizes for {}", lengths.size(), in[0].shape.to_string());
  for (int64_t length : lengths) need(length >= 1 && length < (1 << 28), "a length is {}", length);
  return lengths;
}

Tensors real_transform(const NodeDef& node, Tensors& in) {
  const std::vector<int64_t> lengths = lengths_of(node, in);
  Shape shape = in[0].shape;
  Numbers values = numbers_of(in[0]);
  const int rank = shape.rank(), axes = static_cast<int>(lengths.size());
  for (int i = 0; i < axes; ++i)
    values = resized(values, shape, rank - axes + i, lengths[static_cast<size_t>(i)]);
  for (int axis = rank - axes; axis < rank; ++axis) transform_axis(values, shape, axis, false);
  values = resized(values, shape, rank - 1, lengths.back() / 2 + 1);
  return {complex_tensor(values, shape, complex_of(in[0].dtype))};
}

Tensors inverse_real_transform(const NodeDef& node, Tensors& in) {
  const std::vector<int64_t> lengths = lengths_of(node, in);
  Shape shape = in[0].shape;
  Numbers values = numbers_of(in[0]);
  const int rank = shape.rank(), axes = static_cast<int>(lengths.size());
  for (int i = 0; i + 1 < axes; ++i)
    values = resized(values, shape, rank - axes + i, lengths[static_cast<size_t>(i)]);
  values = resized(values, shape, rank - 1, lengths.back() / 2 + 1);
  for (int axis = rank - axes; axis < rank - 1; ++axis) transform_axis(values, shape, axis, true);
  values = completed(values, shape, lengths.back());
  transform_axis(values, shape, rank - 1, true);
  std::vector<double> out;
  for (const Number& value : values) out.push_back(value.real());
  return {tensor_of_doubles(out, shape, part_of(in[0].dtype))};
}

constexpr ComputeRow kRows[] = {{"Complex", 2, complex},
                                {"Real", 1, part},
                                {"Imag", 1, part},
                                {"Angle", 1, part},
                                {"ComplexAbs", 1, part},
                                {"Conj", 1, conjugate},
                                {"FFT", 1, complex_transform},
                                {"FFT2D", 1, complex_transform},
                                {"FFT3D", 1, complex_transform},
                                {"IFFT", 1, complex_transform},
                                {"IFFT2D", 1, complex_transform},
                                {"IFFT3D", 1, complex_transform},
                                {"RFFT", 2, real_transform},
                                {"RFFT2D", 2, real_transform},
                                {"RFFT3D", 2, real_transform},
                                {"IRFFT", 2, inverse_real_transform},
                                {"IRFFT2D", 2, inverse_real_transform},
                                {"IRFFT3D", 2, inverse_real_transform},
                                {"Add", 2, arithmetic},
                                {"AddV2", 2, arithmetic},
                                {"Sub", 2, arithmetic},
                                {"Mul", 2, arithmetic},
                                {"RealDiv", 2, arithmetic},
                                {"Neg", 1, function},
                                {"Exp", 1, function},
                                {"Square", 1, function}};
constexpr auto kNames = names_of(kRows);

Tensors compute(const NodeDef& node, dynamic::Call& call) {
  return run_row(kRows, node, call);
}

constexpr TfOpDef kComputed = {.names = kNames, .compute = compute};

constexpr ComputeRow kCastRows[] = {{"Cast", 1, cast, "", false}};
constexpr auto kCastNames = names_of(kCastRows);
Tensors compute_cast(const NodeDef& node, dynamic::Call& call) {
  return run_row(kCastRows, node, call);
}
constexpr TfOpDef kCast = {.names = kCastNames, .compute = compute_cast};

struct Plain {
  std::string_view name, op;
};
constexpr Plain kPlain[] = {{"Add", "add"}, {"AddV2", "add"}, {"Sub", "sub"},       {"Mul", "mul"},
                            {"Neg", "neg"}, {"Exp", "exp"},   {"Square", "square"}, {"RealDiv", "div"}};

std::vector<Value> lower(NodeCall& call) {
  for (const Plain& plain : kPlain) {
    if (plain.name == call.def.op && !call.in.empty() && !is_complex(call.dtype(0)))
      return {call.g.op(plain.op, call.in)};
  }
  return add_late(call.g, call.def, &kComputed, nullptr, call.in, 1);
}

}  // namespace

const TfOpDef& complex_cast() {
  return kCast;
}

CORNU_TF_OP(signal) = {.names = kNames, .lower = lower};

}  // namespace cornu::tensorflow
