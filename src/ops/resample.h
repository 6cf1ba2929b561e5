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

}  // namespace cornu::ops
