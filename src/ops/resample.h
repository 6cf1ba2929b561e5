// Resampling one axis: which elements, with which weights, make up each element of the resized axis.
#pragma once

#include <string>

#include "ops/op.h"

namespace cornu::ops {

enum class ResizeMethod { nearest, bilinear, bicubic, lanczos3, lanczos5, area };
std::optional<ResizeMethod> resize_method_named(std::string_view name);

struct Tap {
  int64_t index;
  double weight;
};

// Taps of output element o are taps[starts[o]] ... taps[starts[o + 1] - 1].
struct AxisTaps {
  std::vector<int64_t> starts;
  std::vector<Tap> taps;
};

struct ResizeOptions {
  ResizeMethod method = ResizeMethod::nearest;
  bool half_pixel = true;  // centres of elements lie at halves; false: as in TensorFlow 1
  bool antialias = false;  // widen the filter when shrinking
};

// For in >= 1 and out >= 0. Positions are computed in float as TensorFlow does, so that ties fall on the same
// side.
AxisTaps resample_axis(int64_t in, int64_t out, const ResizeOptions& options);

// What is done about proportions that differ: nothing, cutting x to those of the target, padding x to them, or taking
// the middle of x without resampling where x is large enough, else cutting.
enum class ResizeFit { stretch, crop, pad, center };
std::optional<ResizeFit> resize_fit_named(std::string_view name);

// The part of an axis that is resampled; it may reach beyond both ends.
struct AxisWindow {
  int64_t begin = 0;
  int64_t size = 0;
};
// For height and width, each at least 1. Sizes are computed in float as TensorFlow does.
std::array<AxisWindow, 2> fit_windows(std::array<int64_t, 2> in, std::array<int64_t, 2> out, ResizeFit fit);

// Taps of a window of an axis of `in` elements; those outside have index -1.
AxisTaps resample_window(const AxisWindow& window, int64_t in, int64_t out, const ResizeOptions& options);

}  // namespace cornu::ops
