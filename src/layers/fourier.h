// Fourier transforms along the last axis, as products with matrices of cosines and sines: for the lengths of frames of
// sound, some hundreds to thousands. Shared by layers of spectra and functions of keras.ops. See common_fourier.cc.
#pragma once

#include "layers/layer.h"

namespace cornu::layers {

struct ComplexValue {
  Value real;
  Value imaginary;  // invalid: zero
};

// The first `count` of n frequencies of x [..., n]: sum of x[k] exp(-2 pi i j k / n), with inverse exp(+...) / n.
ComplexValue fourier(GraphBuilder& g, const ComplexValue& x, int64_t n, int64_t count, bool inverse);
// The n real numbers whose first n / 2 + 1 frequencies are x [..., n / 2 + 1].
Value inverse_real_fourier(GraphBuilder& g, const ComplexValue& x, int64_t n);

// Pieces of `length` elements, `stride` apart, of the last axis: [..., count, length]. Throws bad_shape unless its size is
// known and holds one.
Value frames_of(LayerCall& call, Value x, int64_t length, int64_t stride);

// "hann" or "hamming" (periodic), "" for ones. Throws bad_config for another name.
std::vector<double> window_of(LayerCall& call, std::string_view name, int64_t length);

struct ShortTimeSettings {
  int64_t length = 0;
  int64_t stride = 0;
  int64_t fft_length = 0;  // at least length: windows lie in the middle
  std::string window;
  bool center = true;  // x is reflected at both ends, so that frames have their middle at multiples of stride
};
// Frequencies [..., frames, fft_length / 2 + 1] of windowed pieces of x.
ComplexValue short_time_fourier(LayerCall& call, Value x, const ShortTimeSettings& settings);

}  // namespace cornu::layers
