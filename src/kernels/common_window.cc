#include <fmt/format.h>

#include <algorithm>

#include "kernels/window.h"

namespace cornu::kernels {
namespace {

// Low padding and output size of one axis by Keras's rule for padding="same".
// Source: tensorflow/core/framework/kernel_shape_util.cc (GetWindowedOutputSizeVerbose).
struct Padded {
  int64_t low, out;
};

Padded same_padding(int64_t in, int64_t extent, int64_t stride) {
  const int64_t out = (in + stride - 1) / stride;
  const int64_t total = std::max<int64_t>((out - 1) * stride + extent - in, 0);
  return {total / 2, out};
}

Padded fixed_padding(int64_t in, int64_t extent, int64_t stride, int64_t low, int64_t high) {
  const int64_t room = in + low + high - extent;
  return {low, room < 0 ? 0 : room / stride + 1};
}

}  // namespace

std::string Window::parse(const Shape& x, const Shape& y, std::span<const int64_t> window,
                          const Attrs& attrs) {
  const auto rank = static_cast<int>(window.size());
  if (rank < 1 || rank > 3) return fmt::format("the window has {} axes, 1 to 3 are handled", rank);
  if (x.rank() != rank + 2 || y.rank() != rank + 2) {
    return fmt::format("x has {} axes and y {}, a window of {} axes needs {}", x.rank(), y.rank(), rank,
                       rank + 2);
  }
  const auto count = static_cast<size_t>(rank);
  const Ints strides = attrs.ints("strides", Ints(count, 1));
  const Ints dilations = attrs.ints("dilations", Ints(count, 1));
  const std::string pad = attrs.text("auto_pad", attrs.has("padding") ? "explicit" : "valid");
  const Ints padding = pad == "explicit" ? attrs.ints("padding") : Ints(2 * count, 0);
  if (strides.size() != count || dilations.size() != count || padding.size() != 2 * count) {
    return "strides, dilations or padding do not have one entry per spatial axis";
  }
  batch = x[0];
  channels = x.back();
  for (size_t i = 0; i < count; i++) {
    const size_t axis = i + 3 - count;
    in[axis] = x[static_cast<int>(i) + 1];
    size[axis] = window[i];
    stride[axis] = strides[i];
    dilation[axis] = dilations[i];
    if (size[axis] < 1 || stride[axis] < 1 || dilation[axis] < 1)
      return "a size, stride or dilation is below 1";
    constexpr int64_t kLargest = int64_t{1} << 31;  // so that products of two of them cannot overflow
    for (int64_t value : {size[axis], stride[axis], dilation[axis], padding[2 * i], padding[2 * i + 1]}) {
      if (value > kLargest)
        return fmt::format("a size, stride, dilation or padding is {}, above 2^31", value);
    }
    if (padding[2 * i] < 0 || padding[2 * i + 1] < 0) return "a padding is negative";
    const int64_t reach = extent(static_cast<int>(axis));
    const Padded padded =
        pad == "same" ? same_padding(in[axis], reach, stride[axis])
                      : fixed_padding(in[axis], reach, stride[axis], padding[2 * i], padding[2 * i + 1]);
    low[axis] = padded.low;
    out[axis] = padded.out;
    if (padded.out != y[static_cast<int>(i) + 1])
      return fmt::format("y {} does not fit the window", y.to_string());
  }
  return y[0] == batch ? "" : "x and y differ in the batch";
}

bool Window::is_inside() const {
  for (int axis = 0; axis < 3; axis++) {
    const size_t i = at(axis);
    if (low[i] > 0 || (out[i] - 1) * stride[i] + extent(axis) > in[i]) return false;
  }
  return true;
}

bool Window::is_pointwise() const {
  return size == Axes{1, 1, 1} && stride == Axes{1, 1, 1} && low == Axes{0, 0, 0} && in == out;
}

std::pair<int64_t, int64_t> Window::covered(int axis, int64_t tap) const {
  const size_t i = at(axis);
  // out * stride + tap * dilation - low in [0, in)
  const int64_t shift = low[i] - tap * dilation[i];
  const int64_t first = shift <= 0 ? 0 : (shift + stride[i] - 1) / stride[i];
  const int64_t end = in[i] + shift <= 0 ? 0 : (in[i] + shift - 1) / stride[i] + 1;
  return {std::min(first, out[i]), std::clamp(end, std::min(first, out[i]), out[i])};
}

}  // namespace cornu::kernels
