// Sources: TensorFlow 2.21, core/kernels/image: resize_nearest_neighbor_op.cc, resize_bilinear_op.cc,
// resize_bicubic_op.cc, resize_area_op.cc, scale_and_translate_op.cc with sampling_kernels.h; tf.image.resize
// chooses between them.
#include <limits>

#include "ops/resample.h"

namespace cornu::ops {
namespace {

constexpr float kPi = 3.14159265358979323846F;

float scale_of(int64_t in, int64_t out) {
  return static_cast<float>(in) / static_cast<float>(out);
}

int64_t inside(int64_t index, int64_t in) {
  return std::clamp<int64_t>(index, 0, in - 1);
}

// The position of output element o in x, such that 0 is the centre of the first element.
float centre(int64_t o, float scale, bool half_pixel) {
  const auto position = static_cast<float>(o);
  return half_pixel ? (position + 0.5F) * scale - 0.5F : position * scale;
}

// Keys, Cubic Convolution Interpolation for Digital Image Processing, 1981; a = -0.5 there.
float keys(float x, float a) {
  if (x >= 2) return 0;
  if (x >= 1) return ((a * x - 5 * a) * x + 8 * a) * x - 4 * a;
  return ((a + 2) * x - (a + 3)) * x * x + 1;
}

float lanczos(float x, float radius) {
  if (x > radius) return 0;
  if (x <= 1e-3F) return 1;  // sin(x) / x is 1 there in float
  return radius * std::sin(kPi * x) * std::sin(kPi * x / radius) / (kPi * kPi * x * x);
}

// The filter of a method and how far it reaches, for weights by distance.
struct Filter {
  ResizeMethod method;
  float radius() const {
    return method == ResizeMethod::bilinear   ? 1
           : method == ResizeMethod::bicubic  ? 2
           : method == ResizeMethod::lanczos3 ? 3
                                              : 5;
  }
  float operator()(float x) const {
    if (method == ResizeMethod::bilinear) return std::max(0.0F, 1 - x);
    return method == ResizeMethod::bicubic ? keys(x, -0.5F) : lanczos(x, radius());
  }
};

// Makes the weights of the taps from `first` on sum to 1, unless their sum is as good as nothing.
void normalise(std::vector<Tap>& taps, size_t first) {
  double sum = 0;
  for (size_t i = first; i < taps.size(); ++i) sum += taps[i].weight;
  if (std::abs(sum) < 1000.0 * static_cast<double>(std::numeric_limits<float>::min())) return;
  for (size_t i = first; i < taps.size(); ++i) taps[i].weight /= sum;
}

void nearest(int64_t o, int64_t in, int64_t out, bool half_pixel, std::vector<Tap>& taps) {
  const float position = (static_cast<float>(o) + (half_pixel ? 0.5F : 0.0F)) * scale_of(in, out);
  taps.push_back({inside(static_cast<int64_t>(std::floor(position)), in), 1});
}

void bilinear(int64_t o, int64_t in, int64_t out, bool half_pixel, std::vector<Tap>& taps) {
  const float position = centre(o, scale_of(in, out), half_pixel);
  const float below = std::floor(position);
  const auto fraction = static_cast<double>(position - below);
  taps.push_back({inside(static_cast<int64_t>(below), in), 1 - fraction});
  taps.push_back({inside(static_cast<int64_t>(std::ceil(position)), in), fraction});
}

// Weights come from a table of 1024 steps. With half_pixel places outside have no weight; without, a is -0.75
// and the edge repeats, as in TensorFlow 1.
void bicubic(int64_t o, int64_t in, int64_t out, bool half_pixel, std::vector<Tap>& taps) {
  const float position = centre(o, scale_of(in, out), half_pixel);
  const float below = std::floor(position);
  const float fraction = static_cast<float>(std::lrint((position - below) * 1024)) / 1024;
  const float a = half_pixel ? -0.5F : -0.75F;
  const float distances[] = {1 + fraction, fraction, 1 - fraction, 2 - fraction};
  const size_t first = taps.size();
  for (int i = 0; i < 4; ++i) {
    const int64_t index = static_cast<int64_t>(below) - 1 + i;
    if (half_pixel && index != inside(index, in)) continue;
    taps.push_back({inside(index, in), static_cast<double>(keys(distances[i], a))});
  }
  if (half_pixel) normalise(taps, first);
}

void filtered(int64_t o, int64_t in, int64_t out, bool antialias, Filter filter, std::vector<Tap>& taps) {
  const float inverse_scale = 1.0F / (static_cast<float>(out) / static_cast<float>(in));
  const float kernel_scale = antialias ? std::max(inverse_scale, 1.0F) : 1.0F;
  const float sample = (static_cast<float>(o) + 0.5F) * inverse_scale;
  if (sample > static_cast<float>(in)) return;
  const float reach = filter.radius() * kernel_scale;
  const int64_t begin = inside(static_cast<int64_t>(std::ceil(sample - reach - 0.5F)), in);
  const int64_t end = inside(static_cast<int64_t>(std::floor(sample + reach - 0.5F)), in);
  const size_t first = taps.size();
  for (int64_t index = begin; index <= end; ++index) {
    const float distance = std::abs(static_cast<float>(index) + 0.5F - sample) / kernel_scale;
    taps.push_back({index, static_cast<double>(filter(distance))});
  }
  normalise(taps, first);
}

// Each element counts by the part of it that output element o covers.
void area(int64_t o, int64_t in, int64_t out, std::vector<Tap>& taps) {
  const float scale = scale_of(in, out);
  const float begin = static_cast<float>(o) * scale;
  const float end = static_cast<float>(o + 1) * scale;
  for (auto i = static_cast<int64_t>(std::floor(begin)); i < static_cast<int64_t>(std::ceil(end)); ++i) {
    const float low = std::max(begin, static_cast<float>(i));
    const float high = std::min(end, static_cast<float>(i + 1));
    taps.push_back({inside(i, in), static_cast<double>((high - low) / scale)});
  }
}

}  // namespace

std::optional<ResizeMethod> resize_method_named(std::string_view name) {
  constexpr std::string_view kNames[] = {"nearest", "bilinear", "bicubic", "lanczos3", "lanczos5", "area"};
  for (size_t i = 0; i < std::size(kNames); ++i) {
    if (kNames[i] == name) return static_cast<ResizeMethod>(i);
  }
  return std::nullopt;
}

AxisTaps resample_axis(int64_t in, int64_t out, const ResizeOptions& options) {
  AxisTaps result;
  result.starts.push_back(0);
  for (int64_t o = 0; o < out; ++o) {
    const ResizeMethod method = options.method;
    if (method == ResizeMethod::nearest) {
      nearest(o, in, out, options.half_pixel, result.taps);
    } else if (method == ResizeMethod::area) {
      area(o, in, out, result.taps);
    } else if (method == ResizeMethod::bilinear && !options.antialias) {
      bilinear(o, in, out, options.half_pixel, result.taps);
    } else if (method == ResizeMethod::bicubic && !options.antialias) {
      bicubic(o, in, out, options.half_pixel, result.taps);
    } else {
      filtered(o, in, out, options.antialias, Filter{method}, result.taps);
    }
    result.starts.push_back(static_cast<int64_t>(result.taps.size()));
  }
  return result;
}

std::optional<ResizeFit> resize_fit_named(std::string_view name) {
  constexpr std::string_view kNames[] = {"stretch", "crop", "pad", "center"};
  for (size_t i = 0; i < std::size(kNames); ++i) {
    if (kNames[i] == name) return static_cast<ResizeFit>(i);
  }
  return std::nullopt;
}

std::array<AxisWindow, 2> fit_windows(std::array<int64_t, 2> in, std::array<int64_t, 2> out, ResizeFit fit) {
  std::array<AxisWindow, 2> windows = {AxisWindow{0, in[0]}, AxisWindow{0, in[1]}};
  if (fit == ResizeFit::stretch) return windows;
  const bool large = in[0] >= out[0] && in[1] >= out[1];
  for (size_t i = 0; i < 2; ++i) {
    if (fit == ResizeFit::center && large) {
      windows[i] = {(in[i] - out[i]) / 2, out[i]};
      continue;
    }
    const size_t other = 1 - i;
    const auto proportional =
        static_cast<int64_t>(static_cast<float>(in[other] * out[i]) / static_cast<float>(out[other]));
    if (fit == ResizeFit::pad) {  // as much on both sides: an odd rest is dropped
      const int64_t side = (std::max(in[i], proportional) - in[i]) / 2;
      windows[i] = {-side, in[i] + 2 * side};
    } else {
      const int64_t size = std::max<int64_t>(1, std::min(in[i], proportional));
      windows[i] = {(in[i] - size) / 2, size};
    }
  }
  return windows;
}

AxisTaps resample_window(const AxisWindow& window, int64_t in, int64_t out, const ResizeOptions& options) {
  AxisTaps taps = resample_axis(window.size, out, options);
  for (Tap& tap : taps.taps) {
    tap.index += window.begin;
    if (tap.index < 0 || tap.index >= in) tap.index = -1;
  }
  return taps;
}

}  // namespace cornu::ops
