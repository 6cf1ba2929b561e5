// Windows that slide over the spatial axes of channels-last tensors (batch, spatial..., channels): the shape
// rule and the geometry that convolutions and pooling share.
#pragma once

#include "ops/op.h"

namespace cornu::ops {

// The largest kernel size, stride, dilation or padding: products of two fit 64 bits with room for sums.
constexpr int64_t kLargestStep = int64_t{1} << 30;

// The attributes `strides`, `dilations` (each absent: ones), `auto_pad` ("same", "valid", "explicit"; absent:
// explicit if there is `padding`, else valid) and `padding` (low, high per axis) for n spatial axes. Throws
// bad_shape.
struct WindowAttrs {
  enum class Pad { same, valid, fixed };
  Ints strides, dilations, padding;
  Pad pad = Pad::valid;
};
WindowAttrs window_attrs(const Attrs& attrs, int n);

// The number of spatial axes of x: 1 to 3, or bad_shape.
int spatial_rank(const Shape& x);

// Output sizes of the spatial axes for windows of `kernel` elements; an unknown size gives an unknown one
// where it matters. Throws bad_shape if a window does not fit into a padded axis.
Ints window_output(const Shape& x, const Ints& kernel, const WindowAttrs& attrs);

// One axis with all known: window `o` covers the elements o * stride - low + k * dilation, k in [0, kernel).
struct WindowAxis {
  int64_t in = 1, out = 1, kernel = 1, stride = 1, dilation = 1, low = 0;

  int64_t first(int64_t o) const { return o * stride - low; }
  // The taps [begin, end) whose elements lie inside, for window o.
  std::pair<int64_t, int64_t> taps(int64_t o) const;
};

// The last three axes; missing ones come first and have size 1.
using Window = std::array<WindowAxis, 3>;
Window window_of(const Shape& x, const Shape& y, const Ints& kernel, const WindowAttrs& attrs);

// The padding that "same" puts before the first element: half of what the last window lacks, rounded down.
// Source  tensorflow/core/framework/kernel_shape_util.cc
int64_t same_padding_low(int64_t in, int64_t out, int64_t kernel_extent, int64_t stride);

}  // namespace cornu::ops
