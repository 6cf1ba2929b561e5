// Convolutions and pooling. TensorFlow's ops take two spatial axes, some three;
// one axis becomes two of which the first has size 1.
#include <algorithm>

#include "export/tensorflow/lowering.h"

namespace cornu::exporting {
namespace {

struct Window {
  int axes = 0;       // of the op that is written: 2 or 3
  bool line = false;  // one spatial axis, widened to two
  Ints strides;       // with batch and channels
  Ints dilations;
  std::string padding;
};

Ints with_ends(Ints values, bool line) {
  if (line) values.insert(values.begin(), 1);
  values.insert(values.begin(), 1);
  values.push_back(1);
  return values;
}

Window window_of(TfCall& call) {
  const int axes = call.shape().rank() - 2;
  Window window;
  window.line = axes == 1;
  window.axes = std::max(axes, 2);
  const Ints ones(static_cast<size_t>(axes), 1);
  window.strides = with_ends(call.attrs.ints("strides", ones), window.line);
  window.dilations = with_ends(call.attrs.ints("dilations", ones), window.line);
  const std::string pad = call.attrs.text("auto_pad", call.attrs.has("padding") ? "explicit" : "valid");
  window.padding = pad == "same" ? "SAME" : "VALID";
  return window;
}

// x with the padding of the attribute around it, if that is explicit.
Ref padded(TfCall& call) {
  if (call.attrs.text("auto_pad", call.attrs.has("padding") ? "explicit" : "valid") != "explicit")
    return call.in(0);
  Ints sides{0, 0};
  for (const int64_t side : call.attrs.ints("padding")) sides.push_back(side);
  sides.insert(sides.end(), {0, 0});
  const Ref sizes = call.constant(tensor_of_ints(sides, {call.shape().rank(), 2}, DType::int32));
  return call.op("Pad", {call.in(0), sizes}, {{"Tpaddings", type_of(DType::int32)}});
}

Ref widened(TfCall& call, const Ref& x, int64_t axis) {
  return call.op("ExpandDims", {x, call.int_scalar(axis)}, {{"Tdim", type_of(DType::int32)}});
}

void finish(TfCall& call, const Window& window, const Ref& y) {
  call.out(window.line ? call.op("Squeeze", {y}, {{"squeeze_dims", Ints{1}}}) : y);
}

TfAttrs attributes(const Window& window, bool dilated = true) {
  TfAttrs attrs{{"strides", window.strides},
                {"padding", window.padding},
                {"data_format", std::string(window.axes == 3 ? "NDHWC" : "NHWC")}};
  if (dilated) attrs.emplace_back("dilations", window.dilations);
  return attrs;
}

bool all_ones(const Ints& values) {
  return std::all_of(values.begin(), values.end(), [](int64_t value) { return value == 1; });
}

void conv(TfCall& call) {
  if (!call.attrs.text("epilogue", "").empty() || !call.attrs.text("activation", "").empty())
    call.fail("a fused convolution cannot be written for TensorFlow");
  const Window window = window_of(call);
  const Shape& kernel = call.shape(1);
  const int64_t groups = call.attrs.integer("groups", 1);
  Ref x = padded(call);
  Ref w = call.in(1);
  if (window.line) {
    x = widened(call, x, 1);
    w = widened(call, w, 0);
  }
  const int64_t channels = call.shape().back();
  const bool depthwise = groups > 1 && groups == channels && window.axes == 2 && all_ones(window.dilations) &&
                         (window.line || window.strides[1] == window.strides[2]) &&
                         !(window.line && window.strides[2] != 1);
  if (depthwise) {
    const int64_t height = window.line ? 1 : kernel[0];
    const int64_t width = kernel[window.line ? 0 : 1];
    w = call.reshape(w,
                     {{height, {}, 0}, {width, {}, 0}, {channels, {}, 0}, {kernel.back() / channels, {}, 0}},
                     call.dtype());
    return finish(call, window, call.op("DepthwiseConv2dNative", {x, w}, attributes(window)));
  }
  if (groups > 1 && window.axes == 3)
    call.fail("a Conv3D in {} groups cannot be written for TensorFlow", groups);
  finish(call, window, call.op(window.axes == 3 ? "Conv3D" : "Conv2D", {x, w}, attributes(window)));
}

// The output's sizes, of which the batch is read from x.
Ref output_sizes(TfCall& call, const Window& window) {
  const Shape& y = call.out_shape();
  std::vector<Dim> dims{y[0] == Shape::kUnknown ? Dim{0, call.in(0), 0} : Dim{y[0], {}, 0}};
  if (window.line) dims.push_back({1, {}, 0});
  for (int axis = 1; axis < y.rank(); ++axis) {
    if (y[axis] == Shape::kUnknown)
      call.fail(
          "a transposed convolution over an axis of unknown size cannot "
          "be written for TensorFlow");
    dims.push_back({y[axis], {}, 0});
  }
  return call.shape_of(dims);
}

void conv_transpose(TfCall& call) {
  const Window window = window_of(call);
  if (!all_ones(window.dilations))
    call.fail("a dilated transposed convolution cannot be written for TensorFlow");
  Ref x = call.in(0);
  Ref w = call.in(1);
  if (window.line) {
    x = widened(call, x, 1);
    w = widened(call, w, 0);
  }
  const Ref sizes = output_sizes(call, window);
  TfAttrs attrs = attributes(window);
  if (window.axes == 3) {
    attrs.emplace_back("Tshape", type_of(DType::int32));
    return call.out(call.op("Conv3DBackpropInputV2", {sizes, w, x}, std::move(attrs)));
  }
  finish(call, window, call.op("Conv2DBackpropInput", {sizes, w, x}, std::move(attrs)));
}

void pool(TfCall& call) {
  if (call.attrs.has("padding")) call.fail("pooling with explicit padding cannot be written for TensorFlow");
  const Window window = window_of(call);
  const bool largest = call.node.op->name == "max_pool";
  TfAttrs attrs = attributes(window, false);
  attrs.emplace_back("ksize", with_ends(call.attrs.ints("window"), window.line));
  const Ref x = window.line ? widened(call, call.in(0), 1) : call.in(0);
  const char* name =
      window.axes == 3 ? (largest ? "MaxPool3D" : "AvgPool3D") : (largest ? "MaxPool" : "AvgPool");
  finish(call, window, call.op(name, {x}, std::move(attrs)));
}

void lower(TfCall& call) {
  const std::string_view op = call.node.op->name;
  if (op == "conv") return conv(call);
  if (op == "conv_transpose") return conv_transpose(call);
  pool(call);
}

}  // namespace

CORNU_TF_LOWERING(convolution) = {.ops = {"conv", "conv_transpose", "max_pool", "avg_pool"}, .lower = lower};

}  // namespace cornu::exporting
