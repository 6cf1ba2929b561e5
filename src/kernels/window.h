// Window: the geometry of a window that slides over the spatial axes of a channels-last array, shared by
// convolutions and pools. x is (batch, spatial..., channels) with 1 to 3 spatial axes; fewer than 3 are
// padded in front with axes of size 1, so that code sees (batch, depth, height, width, channels) only.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <utility>

#include "base/attrs.h"
#include "base/shape.h"

namespace cornu::kernels {

struct Window {
  using Axes = std::array<int64_t, 3>;  // depth, height, width
  int64_t batch = 1;
  int64_t channels = 1;  // of x
  Axes in = {1, 1, 1};
  Axes out = {1, 1, 1};
  Axes size = {1, 1, 1};
  Axes stride = {1, 1, 1};
  Axes dilation = {1, 1, 1};
  Axes low = {0, 0, 0};  // padding before the first element; what is after the last follows from `out`

  // Reads "strides", "dilations" (both default to ones), "auto_pad" ("same", "valid" or "explicit") and
  // "padding" (low and high of each axis). `size` has one entry per spatial axis. Answers an empty text, or
  // why the attributes and shapes do not fit each other.
  std::string parse(const Shape& x, const Shape& y, std::span<const int64_t> size, const Attrs& attrs);

  // Reach of the window along an axis, holes included.
  int64_t extent(int axis) const { return (size[at(axis)] - 1) * dilation[at(axis)] + 1; }
  // No element of any window lies outside x.
  bool is_inside() const;
  // Every window is one element and they cover x in order: y[i] depends on x[i] only.
  bool is_pointwise() const;
  // The outputs [first, second) along an axis for which element `tap` of the window lies inside x; may be
  // empty.
  std::pair<int64_t, int64_t> covered(int axis, int64_t tap) const;

  static size_t at(int axis) { return static_cast<size_t>(axis); }
};

}  // namespace cornu::kernels
