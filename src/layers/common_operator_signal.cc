// Fourier transforms of keras.ops, as products with matrices of cosines and sines. See operators.h.
// Source: keras/src/ops/math.py and keras/src/backend/tensorflow/math.py, 3.15
#include <algorithm>
#include <cmath>
#include <numbers>

#include "layers/fourier.h"
#include "layers/operators.h"
#include "layers/tensorflow_node.h"

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

// The size of the last axis, which must be known.
int64_t length_of(OperatorCall& c, Value x) {
  const int64_t size = c.g.rank(x) < 1 ? Shape::kUnknown : c.g.shape(x).back();
  if (size < 1 || size > 1 << 24) c.fail_argument("x", "a tensor whose last axis has a known size");
  return size;
}

// Overlapping parts of the last axis, as rows.
Value framed(OperatorCall& c, Value x) {
  GraphBuilder& g = c.g;
  int64_t size = length_of(c, x);
  const int64_t length = c.integer("frame_length");
  const int64_t step = c.integer("frame_step");
  if (length < 1 || step < 1 || length > 1 << 20)
    c.fail_argument("frame_length", "an integer from 1 to 2^20");
  int64_t count = size < length ? 0 : (size - length) / step + 1;
  if (c.flag("pad_end", false)) {
    count = (size + step - 1) / step;
    const int64_t missing = std::max<int64_t>(0, (count - 1) * step + length - size);
    Ints padding(static_cast<size_t>(2 * g.rank(x)), 0);
    padding.back() = missing;
    x = g.op("pad", {x},
             {{"padding", padding}, {"mode", std::string("constant")}, {"value", c.number("pad_value", 0)}});
  }
  if (count < 1 || count * length > 1 << 26)
    c.fail_argument("frame_length", "at most the size of the last axis");
  Ints places;
  for (int64_t i = 0; i < count; ++i) {
    for (int64_t k = 0; k < length; ++k) places.push_back(i * step + k);
  }
  return g.op("gather", {x, g.constant(tensor_of_ints(places, {count, length}))},
              {{"axis", int64_t{g.rank(x) - 1}}});
}

Values frame(OperatorCall& c, std::string_view) {
  return {framed(c, c.tensor("x"))};
}

// tf.signal.stft: complex spectra of the frames under a Hann window.
Values complex_stft(OperatorCall& c, std::string_view) {
  GraphBuilder& g = c.g;
  const Value frames = framed(c, g.cast(c.tensor("x"), DType::float32));
  const int64_t length = g.shape(frames).back();
  int64_t points = 1;
  while (points < length) points *= 2;
  points = c.integer("fft_length", points);
  if (points < 1 || points > 1 << 24) c.fail_argument("fft_length", "an integer from 1 to 2^24");
  // Periodic for an even length, symmetric for an odd one, as TensorFlow has it.
  const auto period = static_cast<double>(length % 2 == 0 ? length : std::max<int64_t>(length - 1, 1));
  std::vector<float> window;
  for (int64_t i = 0; i < length; ++i) {
    const double turn = 2 * std::numbers::pi * static_cast<double>(i) / period;
    window.push_back(length == 1 ? 1.0F : static_cast<float>(0.5 - 0.5 * std::cos(turn)));
  }
  const Value weighted = g.op("mul", {frames, g.constant(tensor_of(window, {length}))});
  Shape shape = g.shape(frames);
  shape[shape.rank() - 1] = points / 2 + 1;
  return {tensorflow_value(g, "RFFT", {weighted, g.constant(tensor_of_ints(Ints{points}, {1}, DType::int32))},
                           {DType::complex64, shape}, NodeAttributes().type("Tcomplex", DType::complex64))};
}

Values complex_fft(OperatorCall& c, std::string_view op) {
  const Value x = c.tensor("x");
  if (c.g.dtype(x) != DType::complex64 && c.g.dtype(x) != DType::complex128)
    c.fail_argument("x", "complex numbers");
  return {tensorflow_value(c.g, op, {x}, {c.g.dtype(x), c.g.shape(x)})};
}

// The discrete cosine transform of type 2 of the last axis.
Values cosine_transform(OperatorCall& c, std::string_view op) {
  GraphBuilder& g = c.g;
  const Value x = g.cast(c.tensor("x"), float_type(g.dtype(c.tensor("x"))));
  const int64_t size = length_of(c, x);
  const std::string norm = c.text("norm", "");
  if (c.integer("type", 2) != 2 || c.has("n") || (!norm.empty() && norm != "ortho") || size > 8192)
    c.call.fail(ErrorCode::unsupported, "{} of another type than 2, or of more than 8192 elements", c.name);
  std::vector<float> matrix;
  for (int64_t i = 0; i < size; ++i) {
    for (int64_t k = 0; k < size; ++k) {
      const auto n = static_cast<double>(size);
      double value = 2 * std::cos(std::numbers::pi * static_cast<double>(k) *
                                  (2 * static_cast<double>(i) + 1) / (2 * n));
      if (norm == "ortho") value *= std::sqrt((k == 0 ? 0.25 : 0.5) / n);
      if (op == "mfcc") value /= std::sqrt(2 * n);
      matrix.push_back(static_cast<float>(value));
    }
  }
  return {
      g.op("matmul", {x, g.constant(cast_tensor(tensor_of(std::move(matrix), {size, size}), g.dtype(x)))})};
}

// The sum of frames that overlap: a transposed convolution with the identity.
Value overlapped(OperatorCall& c, Value x, int64_t step) {
  GraphBuilder& g = c.g;
  const int64_t length = length_of(c, x);
  const int rank = g.rank(x);
  if (rank < 2 || g.shape(x)[rank - 2] < 1 || step < 1 || step > length || length > 8192)
    c.fail_argument("x", "frames of known count, at least as long as the step");
  const int64_t total = (g.shape(x)[rank - 2] - 1) * step + length;
  std::vector<float> ones(static_cast<size_t>(length * length), 0);
  for (int64_t i = 0; i < length; ++i) ones[static_cast<size_t>(i * length + i)] = 1;
  const Value kernel = g.constant(cast_tensor(tensor_of(std::move(ones), {length, 1, length}), g.dtype(x)));
  const Value y = g.op("conv_transpose", {g.reshape(x, {-1, g.shape(x)[rank - 2], length}), kernel},
                       {{"strides", Ints{step}}, {"dilations", Ints{1}}, {"auto_pad", std::string("valid")}});
  Ints dims;
  for (int axis = 0; axis < rank - 2; ++axis) dims.push_back(axis == 0 ? -1 : g.shape(x)[axis]);
  dims.push_back(total);
  return g.reshape(y, dims);
}

Values overlap_and_add(OperatorCall& c, std::string_view) {
  return {overlapped(c, c.tensor("x"), c.integer("frame_step"))};
}

// A window in the middle of `points`, divided by the sum of the squares of all windows that lie over an element.
std::vector<float> inverse_window(OperatorCall& c, int64_t length, int64_t step, int64_t points) {
  const std::string name = c.has("window") || !c.keras3 ? c.text("window", "hann") : "";
  std::vector<double> window = window_of(c.call, name, length);
  window.insert(window.begin(), static_cast<size_t>((points - length) / 2), 0.0);
  window.resize(static_cast<size_t>(points));
  std::vector<double> sums(static_cast<size_t>(step), 0);
  for (int64_t i = 0; i < points; ++i)
    sums[static_cast<size_t>(i % step)] += window[static_cast<size_t>(i)] * window[static_cast<size_t>(i)];
  std::vector<float> weights;
  for (int64_t i = 0; i < points; ++i)
    weights.push_back(static_cast<float>(
        name.empty() ? 1 : window[static_cast<size_t>(i)] / sums[static_cast<size_t>(i % step)]));
  return weights;
}

Values istft(OperatorCall& c, std::string_view) {
  GraphBuilder& g = c.g;
  const ComplexValue x = complex_of(c, "x");
  const int64_t length = c.integer("length_of_sequence");
  const int64_t step = c.integer("stride");
  const int64_t points = fft_length(c, length);
  if (length < 1 || length > points || step < 1)
    c.fail_argument("length_of_sequence", "at most fft_length, and a positive stride");
  const int64_t half = points / 2 + 1;
  const Value frames =
      inverse_real_fourier(g, {resized(g, x.real, half), resized(g, x.imaginary, half)}, points);
  const Tensor weights = tensor_of(inverse_window(c, length, step, points), {points});
  const Value y =
      overlapped(c, g.op("mul", {frames, g.constant(cast_tensor(weights, g.dtype(frames)))}), step);
  const bool center = c.flag("center", true);
  const int64_t begin = center ? points / 2 : 0;
  const int64_t all = g.shape(y).back();
  const int64_t wanted = c.has("length") ? begin + c.integer("length") : center ? all - points / 2 : all;
  const int64_t size = std::max<int64_t>(0, std::min(wanted, all) - begin);
  return {g.op("slice_axis", {y},
               {{"axis", int64_t{g.rank(y) - 1}}, {"begin", std::min(begin, all)}, {"size", size}})};
}

constexpr Operator kOperators[] = {
    {"frame", "x|signal frame_length frame_step pad_end pad_value", frame, ""},
    {"signal_stft", "x|signals frame_length frame_step fft_length pad_end", complex_stft, ""},
    {"signal_fft", "x|input", complex_fft, "FFT"},
    {"signal_fft2d", "x|input", complex_fft, "FFT2D"},
    {"signal_ifft", "x|input", complex_fft, "IFFT"},
    {"signal_ifft2d", "x|input", complex_fft, "IFFT2D"},
    {"dct", "x|input type n norm", cosine_transform, ""},
    {"mfccs_from_log_mel_spectrograms", "x|log_mel_spectrograms", cosine_transform, "mfcc"},
    {"overlap_and_add", "x|signal frame_step", overlap_and_add, ""},
    {"fft", "x", fft, ""},
    {"fft2", "x", fft2, ""},
    {"ifft2", "x", fft2, "inverse"},
    {"rfft", "x fft_length", rfft, ""},
    {"irfft", "x fft_length", irfft, ""},
    {"extract_sequences", "x length|sequence_length stride|sequence_stride", sequences, ""},
    {"istft", "x length_of_sequence|sequence_length stride|sequence_stride fft_length length window center",
     istft, ""},
    {"stft", "x length|sequence_length stride|sequence_stride fft_length window center", stft, ""},
};

}  // namespace

std::span<const Operator> signal_operators() {
  return kOperators;
}

}  // namespace cornu::layers
