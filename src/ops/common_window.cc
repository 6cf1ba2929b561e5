#include "ops/window.h"

namespace cornu::ops {
namespace {

// Sizes above are refused, so that sums with paddings and extents fit 64 bits.
constexpr int64_t kLargestAxis = int64_t{1} << 60;

int64_t extent_of(int64_t kernel, int64_t dilation) {
  return (kernel - 1) * dilation + 1;
}

WindowAttrs::Pad pad_of(const Attrs& attrs) {
  const std::string name = attrs.text("auto_pad", attrs.has("padding") ? "explicit" : "valid");
  if (name == "same") return WindowAttrs::Pad::same;
  if (name == "valid") return WindowAttrs::Pad::valid;
  if (name == "explicit") return WindowAttrs::Pad::fixed;
  fail(ErrorCode::bad_shape, "", "auto_pad is '{}', it must be same, valid or explicit", name);
}

int64_t output_size(int64_t in, int64_t kernel, int64_t stride, int64_t dilation, int64_t low, int64_t high,
                    bool same) {
  if (in == Shape::kUnknown) return in;
  if (in > kLargestAxis) fail(ErrorCode::bad_shape, "", "a spatial axis of {} elements is too large", in);
  if (same) return in / stride + (in % stride != 0 ? 1 : 0);
  if (kernel == Shape::kUnknown) return kernel;
  const int64_t room = in + low + high - extent_of(kernel, dilation);
  if (room < 0) {
    fail(ErrorCode::bad_shape, "",
         "a window of {} elements with dilation {} does not fit into {} elements padded by {} and {}", kernel,
         dilation, in, low, high);
  }
  return room / stride + 1;
}

}  // namespace

WindowAttrs window_attrs(const Attrs& attrs, int n) {
  const auto count = static_cast<size_t>(n);
  WindowAttrs result;
  result.strides = bounded_ints(attrs, "strides", count, 1, kLargestStep, 1);
  result.dilations = bounded_ints(attrs, "dilations", count, 1, kLargestStep, 1);
  result.pad = pad_of(attrs);
  result.padding.assign(2 * count, 0);
  if (result.pad == WindowAttrs::Pad::fixed)
    result.padding = bounded_ints(attrs, "padding", 2 * count, 0, kLargestStep, 0);
  return result;
}

int spatial_rank(const Shape& x) {
  if (x.rank() < 3 || x.rank() > 5) {
    fail(ErrorCode::bad_shape, "", "x has shape {}, it must be (batch, 1 to 3 spatial axes, channels)",
         x.to_string());
  }
  return x.rank() - 2;
}

Ints window_output(const Shape& x, const Ints& kernel, const WindowAttrs& attrs) {
  Ints out;
  for (size_t i = 0; i < kernel.size(); ++i) {
    if (kernel[i] != Shape::kUnknown && (kernel[i] < 1 || kernel[i] > kLargestStep)) {
      fail(ErrorCode::bad_shape, "", "a window has {} elements along axis {}, 1 to 2^30 are accepted",
           kernel[i], i);
    }
    out.push_back(output_size(x[static_cast<int>(i) + 1], kernel[i], attrs.strides[i], attrs.dilations[i],
                              attrs.padding[2 * i], attrs.padding[2 * i + 1],
                              attrs.pad == WindowAttrs::Pad::same));
  }
  return out;
}

std::pair<int64_t, int64_t> WindowAxis::taps(int64_t o) const {
  const int64_t start = first(o);
  const int64_t begin = start >= 0 ? 0 : (-start + dilation - 1) / dilation;
  const int64_t end = in <= start ? 0 : (in - start + dilation - 1) / dilation;
  return {std::min(begin, kernel), std::min(end, kernel)};
}

int64_t same_padding_low(int64_t in, int64_t out, int64_t kernel_extent, int64_t stride) {
  return std::max<int64_t>((out - 1) * stride + kernel_extent - in, 0) / 2;
}

Window window_of(const Shape& x, const Shape& y, const Ints& kernel, const WindowAttrs& attrs) {
  Window window;
  for (size_t i = 0; i < kernel.size(); ++i) {
    const int axis = static_cast<int>(i) + 1;
    WindowAxis& a = window[3 - kernel.size() + i];
    a = {x[axis], y[axis], kernel[i], attrs.strides[i], attrs.dilations[i], attrs.padding[2 * i]};
    if (attrs.pad == WindowAttrs::Pad::same)
      a.low = same_padding_low(a.in, a.out, extent_of(a.kernel, a.dilation), a.stride);
  }
  return window;
}

}  // namespace cornu::ops
