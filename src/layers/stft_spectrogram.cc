// STFTSpectrogram: windowed Fourier transforms of signals as convolutions with stored kernels.
// Keras   STFTSpectrogram (3.7 on)
// Input   x  [batch, time, channels], or [batch, channels, time] under channels_first
// Output  y  [batch, frames, channels * frequencies], with expand_dims [batch, frames, frequencies, channels]; channels
//         first the same with channels after the batch; as `mode` says: log, magnitude, psd, real, imag, angle, stft
// Weights real_kernel, imag_kernel (frame_length, 1, fft_length / 2 + 1); modes real and imag have one of them
// Errors  bad_config for lengths below 1, a step above the frame, or an unknown mode
// Source  keras/src/layers/preprocessing/stft_spectrogram.py, 3.15
#include "layers/common_layout.h"

namespace cornu::layers {
namespace {

constexpr double kEpsilon = 1e-7;  // keras.backend.epsilon()

struct Settings {
  std::string mode;
  int64_t frame = 0;
  int64_t step = 0;
  int64_t frequencies = 0;
  std::string padding;
};

Settings read_settings(const LayerConfig& config) {
  constexpr Range kLength{1, 1 << 20};
  Settings s;
  s.mode = config.choice({"mode"}, "log", {"log", "magnitude", "psd", "real", "imag", "angle", "stft"});
  s.frame = config.integer({"frame_length"}, 256, kLength);
  s.step = config.is_set({"frame_step"}) ? config.integer({"frame_step"}, kLength)
                                         : std::max<int64_t>(s.frame / 2, 1);
  int64_t length = 1;
  while (length < s.frame) length *= 2;
  if (config.is_set({"fft_length"})) length = config.integer({"fft_length"}, kLength);
  if (s.step > s.frame)
    config.fail_value("frame_step", config.raw({"frame_step"}), "an integer of at most frame_length");
  if (length < s.frame)
    config.fail_value("fft_length", config.raw({"fft_length"}), "an integer of at least frame_length");
  s.frequencies = length / 2 + 1;
  s.padding = config.choice({"padding"}, "valid", {"valid", "same"});
  config.raw({"window", "periodic", "scaling"});  // they are in the kernels
  return s;
}

// Frames of every channel [batch, channels, frames, frequencies], by one kernel.
Value transformed(LayerCall& call, const Settings& s, Value signals, const char* kernel) {
  GraphBuilder& g = call.g;
  const Value y = g.op("conv", {steps_to_batch(g, signals), call.weight(kernel, {s.frame, 1, s.frequencies})},
                       {{"strides", Ints{s.step}}, {"dilations", Ints{1}}, {"auto_pad", s.padding}});
  return batch_to_steps(g, y, signals);
}

// What the mode makes of both parts.
Value combined(GraphBuilder& g, const Settings& s, Value real, Value imaginary) {
  if (s.mode == "real") return real;
  if (s.mode == "imag") return imaginary;
  if (s.mode == "angle") return g.op("atan2", {imaginary, real});
  if (s.mode == "stft") return g.op("concat", {real, imaginary}, {{"axis", int64_t{3}}});
  Value power = g.op("add", {g.op("square", {real}), g.op("square", {imaginary})});
  if (s.mode == "psd") {  // all frequencies but the outer ones stand for two
    std::vector<float> twice(static_cast<size_t>(s.frequencies), 2.0F);
    twice.front() = twice.back() = 1.0F;
    return g.op("mul", {power, g.cast(g.constant(tensor_of(twice, {s.frequencies})), g.dtype(power))});
  }
  const Value least = g.scalar_like(kEpsilon, power);
  const Value magnitude = g.op("sqrt", {g.op("maximum", {power, least})});
  return s.mode == "magnitude" ? magnitude : g.op("log", {g.op("maximum", {magnitude, least})});
}

std::vector<Value> lower(LayerCall& call) {
  call.expect_inputs(1);
  call.expect_rank(3);
  GraphBuilder& g = call.g;
  const Settings s = read_settings(call.config);
  const bool first = call.config.channels_first();
  const int64_t channels = channel_count(call, first);
  const Value rows = first ? call.in[0] : g.transpose(call.in[0], {0, 2, 1});
  const Value signals = g.op("expand_dims", {rows}, {{"axes", Ints{3}}});
  const Value real = s.mode == "imag" ? Value{} : transformed(call, s, signals, "real_kernel");
  const Value imaginary = s.mode == "real" ? Value{} : transformed(call, s, signals, "imag_kernel");
  const Value y = combined(g, s, real, imaginary);
  const int64_t width = channels * g.shape(y)[3];
  if (call.config.flag({"expand_dims"}, false)) return {first ? y : g.transpose(y, {0, 2, 3, 1})};
  if (!first) return {g.reshape(g.transpose(y, {0, 2, 1, 3}), {0, 0, width})};
  return {g.transpose(g.reshape(g.transpose(y, {0, 2, 1, 3}), {0, 0, width}), {0, 2, 1})};
}

}  // namespace

CORNU_LAYER(stft_spectrogram) = {.keras_names = {"STFTSpectrogram"}, .lower = lower};

}  // namespace cornu::layers
