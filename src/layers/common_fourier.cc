// See fourier.h. Source: keras/src/backend/tensorflow/math.py, 3.15; tf.signal.hann_window of TensorFlow 2.21
#include "layers/fourier.h"

#include <cmath>
#include <numbers>

namespace cornu::layers {
namespace {

// Element (j, k) of a matrix of rows x columns: fn(angle 2 pi j k / n). Angles are reduced first: j k is exact.
template <class Fn>
Value wave_matrix(GraphBuilder& g, int64_t rows, int64_t columns, int64_t n, DType type, Fn&& fn) {
  NewTensor out = new_tensor(DType::float64, {rows, columns});
  auto* numbers = reinterpret_cast<double*>(out.data);
  for (int64_t j = 0; j < rows; ++j) {
    for (int64_t k = 0; k < columns; ++k)
      *numbers++ = fn(2 * std::numbers::pi * static_cast<double>(j * k % n) / static_cast<double>(n), k);
  }
  return g.constant(cast_tensor(out.tensor, type));
}

Value product(GraphBuilder& g, Value x, Value matrix) {
  if (g.rank(x) > 1) return g.op("matmul", {x, matrix});
  const Value row = g.op("expand_dims", {x}, {{"axes", Ints{0}}});
  return g.op("squeeze", {g.op("matmul", {row, matrix})}, {{"axes", Ints{0}}});
}

}  // namespace

ComplexValue fourier(GraphBuilder& g, const ComplexValue& x, int64_t n, int64_t count, bool inverse) {
  const DType type = g.dtype(x.real);
  const double scale = inverse ? 1.0 / static_cast<double>(n) : 1.0;
  const double sign = inverse ? scale : -scale;
  const Value cosines =
      wave_matrix(g, n, count, n, type, [&](double angle, int64_t) { return scale * std::cos(angle); });
  const Value sines =
      wave_matrix(g, n, count, n, type, [&](double angle, int64_t) { return sign * std::sin(angle); });
  ComplexValue y{product(g, x.real, cosines), product(g, x.real, sines)};
  if (!x.imaginary.valid()) return y;
  y.real = g.op("sub", {y.real, product(g, x.imaginary, sines)});
  y.imaginary = g.op("add", {y.imaginary, product(g, x.imaginary, cosines)});
  return y;
}

Value inverse_real_fourier(GraphBuilder& g, const ComplexValue& x, int64_t n) {
  const DType type = g.dtype(x.real);
  const int64_t half = n / 2 + 1;
  // Frequencies that stand for a pair count twice: all but 0 and, for even n, n / 2.
  const auto weight = [&](int64_t j) { return (j == 0 || 2 * j == n ? 1.0 : 2.0) / static_cast<double>(n); };
  NewTensor cosines = new_tensor(DType::float64, {half, n});
  NewTensor sines = new_tensor(DType::float64, {half, n});
  for (int64_t j = 0; j < half; ++j) {
    for (int64_t k = 0; k < n; ++k) {
      const double angle = 2 * std::numbers::pi * static_cast<double>(j * k % n) / static_cast<double>(n);
      reinterpret_cast<double*>(cosines.data)[j * n + k] = weight(j) * std::cos(angle);
      reinterpret_cast<double*>(sines.data)[j * n + k] = -weight(j) * std::sin(angle);
    }
  }
  const Value real = product(g, x.real, g.constant(cast_tensor(cosines.tensor, type)));
  return g.op("add", {real, product(g, x.imaginary, g.constant(cast_tensor(sines.tensor, type)))});
}

Value frames_of(LayerCall& call, Value x, int64_t length, int64_t stride) {
  GraphBuilder& g = call.g;
  const int axis = g.rank(x) - 1;
  const int64_t size = axis < 0 ? -1 : g.shape(x)[axis];
  if (length < 1 || stride < 1 || size < length) {
    call.fail(
        ErrorCode::bad_shape,
        "frames of {} elements, {} apart, need a last axis of known size that holds one, received shape {}",
        length, stride, g.shape(x).to_string());
  }
  const int64_t count = (size - length) / stride + 1;
  Shape shape{count, length};
  shape.elements();  // throws if that overflows
  Ints places;
  for (int64_t i = 0; i < count; ++i) {
    for (int64_t k = 0; k < length; ++k) places.push_back(i * stride + k);
  }
  return g.op("gather", {x, g.constant(tensor_of_ints(places, shape))}, {{"axis", int64_t{axis}}});
}

std::vector<double> window_of(LayerCall& call, std::string_view name, int64_t length) {
  if (name.empty()) return std::vector<double>(static_cast<size_t>(length), 1.0);
  if (name != "hann" && name != "hamming")
    call.fail(ErrorCode::bad_config, "the window must be hann, hamming or null, received '{}'", name);
  const double a = name == "hann" ? 0.5 : 0.54;
  std::vector<double> window;
  for (int64_t i = 0; i < length;
       ++i) {  // tf.signal counts an odd window as periodic over its length as well
    const double angle =
        2 * std::numbers::pi * static_cast<double>(i) / static_cast<double>(std::max<int64_t>(length, 1));
    window.push_back(length == 1 ? 1.0 : a - (1 - a) * std::cos(angle));
  }
  return window;
}

ComplexValue short_time_fourier(LayerCall& call, Value x, const ShortTimeSettings& s) {
  GraphBuilder& g = call.g;
  const int axis = g.rank(x) - 1;
  if (s.center) {
    Ints padding(static_cast<size_t>(2 * axis), 0);
    padding.insert(padding.end(), {s.fft_length / 2, s.fft_length / 2});
    x = g.op("pad", {x}, {{"padding", padding}, {"mode", std::string("reflect")}});
  }
  const Value frames = frames_of(call, x, s.fft_length, s.stride);
  std::vector<double> window = window_of(call, s.window, s.length);
  window.insert(window.begin(), static_cast<size_t>((s.fft_length - s.length) / 2), 0.0);
  window.resize(static_cast<size_t>(s.fft_length));
  NewTensor weights = new_tensor(DType::float64, {s.fft_length});
  std::copy(window.begin(), window.end(), reinterpret_cast<double*>(weights.data));
  const Value windowed = g.op("mul", {frames, g.constant(cast_tensor(weights.tensor, g.dtype(frames)))});
  return fourier(g, {windowed, {}}, s.fft_length, s.fft_length / 2 + 1, false);
}

}  // namespace cornu::layers
