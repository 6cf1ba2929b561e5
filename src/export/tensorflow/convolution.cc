// Convolutions and pooling. TensorFlow's ops take two spatial axes, some three;
// one axis becomes two of which the first has size 1. What TensorFlow's kernels lack is put together: groups of three axes
// from one convolution each, dilated ones, and all dilated transposed ones, by kernels with zeros between their elements.
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

// A kernel with dilation - 1 zeros between its elements.
Ref spread(TfCall& call, Ref w, Shape shape, const Ints& dilations) {
  for (size_t i = 0; i < dilations.size(); ++i) {
    const int axis = static_cast<int>(i);
    const int64_t step = dilations[i];
    if (step == 1) continue;
    w = call.op("ExpandDims", {w, call.int_scalar(axis + 1)}, {{"Tdim", type_of(DType::int32)}});
    Ints sides(2 * static_cast<size_t>(shape.rank() + 1), 0);
    sides[2 * (i + 1) + 1] = step - 1;
    w = call.op("Pad", {w, call.constant(tensor_of_ints(sides, {shape.rank() + 1, 2}, DType::int32))},
                {{"Tpaddings", type_of(DType::int32)}});
    const auto reshaped = [&] { return call.ints({shape.begin(), shape.end()}); };
    shape[axis] *= step;
    w = call.op("Reshape", {w, reshaped()}, {{"Tshape", type_of(DType::int32)}});
    shape[axis] -= step - 1;
    w = call.op("Slice", {w, call.ints(Ints(static_cast<size_t>(shape.rank()), 0)), reshaped()},
                {{"Index", type_of(DType::int32)}});
  }
  return w;
}

// Each group's channels with their own kernels, side by side again.
Ref grouped(TfCall& call, const Ref& x, const Ref& w, int64_t groups, const TfAttrs& attrs) {
  const auto split = [&](const Ref& whole) {
    return call.op("Split", {call.int_scalar(4), whole}, {{"num_split", groups}});
  };
  const Ref xs = split(x);
  const Ref ws = split(w);
  std::vector<Ref> parts;
  for (int i = 0; i < groups; ++i)
    parts.push_back(call.op("Conv3D", {output_at(xs, i), output_at(ws, i)}, attrs));
  parts.push_back(call.int_scalar(4));
  return call.op("ConcatV2", std::move(parts), {{"N", groups}, {"Tidx", type_of(DType::int32)}});
}

void conv(TfCall& call) {
  if (!call.attrs.text("epilogue", "").empty() || !call.attrs.text("activation", "").empty())
    call.fail("a fused convolution cannot be written for TensorFlow");
  Window window = window_of(call);
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
  if (window.axes == 3) {
    w = spread(call, w, kernel, call.attrs.ints("dilations", Ints{}));
    window.dilations = Ints(window.dilations.size(), 1);
  }
  if (groups > 1 && window.axes == 3) return call.out(grouped(call, x, w, groups, attributes(window)));
  finish(call, window, call.op(window.axes == 3 ? "Conv3D" : "Conv2D", {x, w}, attributes(window)));
}

// The output's sizes, of which those that are not known are read from x: they grow by the stride with its own.
Ref output_sizes(TfCall& call, const Window& window) {
  const Shape& y = call.out_shape();
  std::vector<Dim> dims{y[0] == Shape::kUnknown ? Dim{0, call.in(0), 0} : Dim{y[0], {}, 0}};
  if (window.line) dims.push_back({1, {}, 0});
  constexpr int64_t kSample = 64;
  Shape sample = call.shape();
  for (int axis = 1; axis + 1 < sample.rank(); ++axis) sample[axis] = kSample;
  const Shape sample_y = call.out_shape_for(sample);
  for (int axis = 1; axis < y.rank(); ++axis) {
    const int64_t stride = window.strides[static_cast<size_t>(axis + (window.line ? 1 : 0))];
    dims.push_back(y[axis] == Shape::kUnknown
                       ? Dim{0, call.in(0), axis, stride, sample_y[axis] - kSample * stride}
                       : Dim{y[axis], {}, 0});
  }
  return call.shape_of(dims);
}

void conv_transpose(TfCall& call) {
  Window window = window_of(call);
  const Ints dilations = call.attrs.ints("dilations", Ints{});
  Ref x = call.in(0);
  Ref w = spread(call, call.in(1), call.shape(1), dilations);
  std::fill(window.dilations.begin(), window.dilations.end(), 1);
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
