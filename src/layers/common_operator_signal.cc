// Fourier transforms of keras.ops, as products with matrices of cosines and sines. See operators.h.
// Source: keras/src/ops/math.py and keras/src/backend/tensorflow/math.py, 3.15
#include <cmath>
#include <numbers>

#include "layers/fourier.h"
#include "layers/operators.h"

namespace cornu::layers {
namespace {

using Values = std::vector<Value>;

constexpr int64_t kMaxLength = 16384;  // the matrices have its square of elements

// Real and imaginary parts, as Keras passes them: a pair of tensors.
ComplexValue complex_of(OperatorCall& c, std::string_view parameter) {
  const Values parts = c.tensors(parameter);
  if (parts.size() != 2) c.fail_argument(parameter, "a pair of tensors: real and imaginary parts");
  const DType type = float_type(c.g.dtype(parts[0]));
  return {c.g.cast(parts[0], type), c.g.cast(parts[1], type)};
}

int64_t length_of(OperatorCall& c, Value x, int axis) {
  const int64_t length = c.g.shape(x)[axis];
  if (length < 1 || length > kMaxLength)
    c.fail_argument("x", fmt::format("an axis of 1 to {} elements", kMaxLength));
  return length;
}

Value swapped(GraphBuilder& g, Value x) {
  Ints order;
  for (int axis = 0; axis < g.rank(x); ++axis) order.push_back(axis);
  std::swap(order[order.size() - 1], order[order.size() - 2]);
  return g.transpose(x, order);
}

Values fft(OperatorCall& c, std::string_view) {
  const ComplexValue x = complex_of(c, "x");
  const int64_t n = length_of(c, x.real, c.g.rank(x.real) - 1);
  const ComplexValue y = fourier(c.g, x, n, n, false);
  return {y.real, y.imaginary};
}

// Along the last axis, then along the last but one.
Values fft2(OperatorCall& c, std::string_view op) {
  GraphBuilder& g = c.g;
  ComplexValue x = complex_of(c, "x");
  if (g.rank(x.real) < 2) c.fail_argument("x", "tensors of at least two axes");
  for (int i = 0; i < 2; ++i) {
    const int64_t n = length_of(c, x.real, g.rank(x.real) - 1);
    const ComplexValue y = fourier(g, x, n, n, op == "inverse");
    x = {swapped(g, y.real), swapped(g, y.imaginary)};
  }
  return {x.real, x.imaginary};
}

// Cut or filled with zeros at the end.
Value resized(GraphBuilder& g, Value x, int64_t length) {
  const int axis = g.rank(x) - 1;
  const int64_t size = g.shape(x)[axis];
  if (size == length) return x;
  if (size > length)
    return g.op("slice_axis", {x}, {{"axis", int64_t{axis}}, {"begin", int64_t{0}}, {"size", length}});
  Ints padding(static_cast<size_t>(2 * axis), 0);
  padding.insert(padding.end(), {0, length - size});
  return g.op("pad", {x}, {{"padding", padding}, {"mode", std::string("constant")}});
}

int64_t fft_length(OperatorCall& c, int64_t fallback) {
  const int64_t length = c.integer("fft_length", fallback);
  if (length < 1 || length > kMaxLength)
    c.fail_argument("fft_length", fmt::format("from 1 to {}", kMaxLength));
  return length;
}

Values rfft(OperatorCall& c, std::string_view) {
  const Value x = c.g.cast(c.tensor("x"), float_type(c.g.dtype(c.tensor("x"))));
  const int64_t n = fft_length(c, length_of(c, x, c.g.rank(x) - 1));
  const ComplexValue y = fourier(c.g, {resized(c.g, x, n), {}}, n, n / 2 + 1, false);
  return {y.real, y.imaginary};
}

Values irfft(OperatorCall& c, std::string_view) {
  GraphBuilder& g = c.g;
  const ComplexValue x = complex_of(c, "x");
  const int64_t n = fft_length(c, 2 * (length_of(c, x.real, g.rank(x.real) - 1) - 1));
  const int64_t half = n / 2 + 1;
  return {inverse_real_fourier(g, {resized(g, x.real, half), resized(g, x.imaginary, half)}, n)};
}

Values sequences(OperatorCall& c, std::string_view) {
  const Value x = c.tensor("x");
  return {frames_of(c.call, x, c.integer("length"), c.integer("stride"))};
}

Values stft(OperatorCall& c, std::string_view) {
  GraphBuilder& g = c.g;
  const Value x = g.cast(c.tensor("x"), float_type(g.dtype(c.tensor("x"))));
  const int64_t length = c.integer("length");
  const int64_t n = fft_length(c, length);
  if (length < 1 || length > n) c.fail_argument("length", "at most fft_length");
  const std::string window = c.has("window") ? c.text("window", "") : "";
  const ComplexValue y =
      short_time_fourier(c.call, x, {length, c.integer("stride"), n, window, c.flag("center", true)});
  return {y.real, y.imaginary};
}

constexpr Operator kOperators[] = {
    {"fft", "x", fft, ""},
    {"fft2", "x", fft2, ""},
    {"ifft2", "x", fft2, "inverse"},
    {"rfft", "x fft_length", rfft, ""},
    {"irfft", "x fft_length", irfft, ""},
    {"extract_sequences", "x length|sequence_length stride|sequence_stride", sequences, ""},
    {"stft", "x length|sequence_length stride|sequence_stride fft_length window center", stft, ""},
};

}  // namespace

std::span<const Operator> signal_operators() {
  return kOperators;
}

}  // namespace cornu::layers
