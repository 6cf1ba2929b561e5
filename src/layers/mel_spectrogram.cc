// MelSpectrogram: the energy of signals in bands of the mel scale, over time.
// Keras   MelSpectrogram (3.2 on)
// Input   x  [time] or [batch, time], time known
// Output  y  [batch, num_mel_bins, frames]; in decibels with power_to_db, the quiet ones raised to top_db below the largest
//         number of the whole batch
// Errors  bad_config for lengths below 1 or an unknown window; bad_shape for an unknown time
// Source  keras/src/layers/preprocessing/mel_spectrogram.py, 3.15
#include <cmath>

#include "layers/fourier.h"

namespace cornu::layers {
namespace {

// Weights (frequencies, bands): triangles that are linear in the mel scale, HTK's; the constant part counts for nothing.
Tensor mel_matrix(int64_t frequencies, int64_t bands, double rate, double low, double high) {
  const auto mel = [](double hertz) { return 1127.0 * std::log(1 + hertz / 700.0); };
  NewTensor out = new_tensor(DType::float64, {frequencies, bands});
  auto* weights = reinterpret_cast<double*>(out.data);
  const double step = (mel(high) - mel(low)) / static_cast<double>(bands + 1);
  for (int64_t i = 1; i < frequencies; ++i) {
    const double at = mel(rate / 2 * static_cast<double>(i) / static_cast<double>(frequencies - 1));
    for (int64_t band = 0; band < bands; ++band) {
      const double centre = mel(low) + step * static_cast<double>(band + 1);
      weights[i * bands + band] = std::max(0.0, std::min(at - centre + step, centre + step - at) / step);
    }
  }
  return out.tensor;
}

Value log10_of(GraphBuilder& g, Value x) {
  const Value y = g.op("log", {x});
  return g.op("mul", {y, g.scalar_like(10 / std::log(10.0), y)});
}

std::vector<Value> lower(LayerCall& call) {
  call.expect_inputs(1);
  GraphBuilder& g = call.g;
  const LayerConfig& config = call.config;
  constexpr Range kLength{1, 1 << 16};
  ShortTimeSettings s;
  s.fft_length = config.integer({"fft_length"}, 2048, kLength);
  s.stride = config.integer({"sequence_stride"}, 512, kLength);
  s.length = config.is_set({"sequence_length"}) ? config.integer({"sequence_length"}, kLength) : s.fft_length;
  s.window = config.text({"window"}, "");
  if (s.length > s.fft_length)
    config.fail_value("sequence_length", config.raw({"sequence_length"}), "at most fft_length");
  const double rate = config.number({"sampling_rate"}, 16000, at_least(1));
  const int64_t bands = config.integer({"num_mel_bins"}, 128, kLength);
  const double low = config.number({"min_freq"}, 20, at_least(0));
  const double high = config.is_set({"max_freq"}) ? config.number({"max_freq"}) : std::floor(rate / 2);
  if (!(high > low)) config.fail_value("max_freq", config.raw({"max_freq"}), "a frequency above min_freq");
  const double least = config.number({"min_power"}, 1e-10, at_least(0));
  const double reference = std::abs(config.number({"ref_power"}, 1));
  const double exponent = config.number({"mag_exp"}, 2);
  const double top = config.number({"top_db"}, 80);
  const Value x = g.cast(call.in[0], call.compute_dtype == DType::float64 ? DType::float64 : DType::float32);
  if (g.rank(x) < 1 || g.rank(x) > 2)
    call.fail(ErrorCode::bad_shape, "MelSpectrogram takes one or two axes, received shape {}",
              g.shape(x).to_string());
  const ComplexValue both = short_time_fourier(call, x, s);
  Value y = g.op("sqrt", {g.op("add", {g.op("square", {both.real}), g.op("square", {both.imaginary})})});
  y = g.op("pow", {y, g.scalar_like(exponent, y)});
  const Tensor matrix = mel_matrix(s.fft_length / 2 + 1, bands, rate, low, high);
  y = g.op("matmul", {y, g.constant(cast_tensor(matrix, g.dtype(y)))});
  if (config.flag({"power_to_db"}, true)) {
    y = log10_of(g, g.op("maximum", {y, g.scalar_like(least, y)}));
    y = g.op("sub", {y, g.scalar_like(10 * std::log10(std::max(reference, least)), y)});
    const Value largest = g.op("reduce_max", {y}, {{"keepdims", false}});
    y = g.op("maximum", {y, g.op("sub", {largest, g.scalar_like(top, y)})});
  }
  Ints order;
  for (int axis = 0; axis < g.rank(y); ++axis) order.push_back(axis);
  std::swap(order[order.size() - 1], order[order.size() - 2]);
  return {g.cast(g.transpose(y, order), call.compute_dtype)};
}

}  // namespace

CORNU_LAYER(mel_spectrogram) = {.keras_names = {"MelSpectrogram"}, .lower = lower};

}  // namespace cornu::layers
