// Gradients of convolutions and pools.
#include <algorithm>

#include "train/gradient.h"

namespace cornu::train {
namespace {

// The window's attributes without those of the epilogue and of sizes.
Attrs window_of(const Attrs& attrs) {
  Attrs window;
  for (const char* name : {"strides", "dilations", "auto_pad", "padding"}) {
    for (const auto& [key, value] : attrs.items()) {
      if (key == name) window.set(key, value);
    }
  }
  return window;
}

Ints spatial(const Shape& shape) {
  return {shape.begin() + 1, shape.end() - 1};
}

Ints kernel_of(const Shape& w) {
  return {w.begin(), w.end() - 2};
}

Value part(GraphBuilder& g, Value x, int64_t begin, int64_t size) {
  return g.op("slice_axis", {x}, {{"axis", int64_t{-1}}, {"begin", begin}, {"size", size}});
}

// The transposed convolution that leads from dy to an input of x's sizes.
Value input_gradient(GraphBuilder& g, Value dy, Value w, const Attrs& window, const Shape& x) {
  Attrs attrs = window;
  attrs.set("output_size", spatial(x));
  return g.op("conv_transpose", {dy, w}, attrs);
}

// x with its elements along an axis `stride` apart and zeros between and behind them, `size` in all.
Value spread_out(GraphBuilder& g, Value x, int axis, int64_t stride, int64_t size) {
  Ints shape(g.shape(x).begin(), g.shape(x).end());
  const auto at = static_cast<size_t>(axis);
  if (stride > 1) {
    Ints border(2 * (shape.size() + 1), 0);
    border[2 * (at + 1) + 1] = stride - 1;
    x = g.op("pad", {g.op("expand_dims", {x}, {{"axes", Ints{axis + 1}}})}, {{"padding", border}});
    shape[at] *= stride;
    x = g.reshape(x, shape);
  }
  if (shape[at] > size)
    return g.op("slice_axis", {x}, {{"axis", int64_t{axis}}, {"begin", int64_t{0}}, {"size", size}});
  if (shape[at] == size) return x;
  Ints border(2 * shape.size(), 0);
  border[2 * at + 1] = size - shape[at];
  return g.op("pad", {x}, {{"padding", border}});
}

// The kernel with its taps in opposite order and its two kinds of channels changed for each other.
Value turned(GraphBuilder& g, Value w) {
  const Shape shape = g.shape(w);
  const int n = shape.rank() - 2;
  const int64_t taps = shape.elements(0, n);
  Value flat = g.reshape(w, {taps, shape[n], shape[n + 1]});
  flat = g.transpose(flat, {0, 2, 1});
  if (taps > 1) flat = g.op("reverse", {flat}, {{"axes", Ints{0}}});
  Ints back(shape.begin(), shape.end() - 2);
  back.push_back(shape[n + 1]);
  back.push_back(shape[n]);
  return g.reshape(flat, back);
}

// With stride 1 the way back is a convolution with the turned kernel, whose weights are then read once for all images. Invalid
// where the padding is larger than the kernel's reach.
Value input_gradient_by_convolution(GradientCall& c, const Attrs& window) {
  const Shape x = c.shape(c.x(0));
  const Shape w = c.shape(c.x(1));
  const int n = x.rank() - 2;
  const Ints dilations = window.ints("dilations", Ints(static_cast<size_t>(n), 1));
  const std::string pad = window.text("auto_pad", window.has("padding") ? "explicit" : "valid");
  Ints padding;
  for (int axis = 0; axis < n; ++axis) {
    const auto i = static_cast<size_t>(axis);
    const int64_t reach = (w[axis] - 1) * dilations[i];
    const int64_t lacking =
        c.shape(c.dy[0])[axis + 1] + reach - x[axis + 1];  // low and high padding together
    const int64_t low = pad == "same" ? lacking / 2 : pad == "explicit" ? window.ints("padding")[2 * i] : 0;
    const int64_t high = lacking - low;
    if (window.ints("strides", Ints(static_cast<size_t>(n), 1))[i] != 1 || low > reach || high > reach)
      return {};
    padding.push_back(reach - low);
    padding.push_back(reach - high);
  }
  return c.g.op("conv", {c.dy[0], turned(c.g, c.x(1))},
                {{"dilations", dilations}, {"auto_pad", std::string("explicit")}, {"padding", padding}});
}

// One tap without padding: the product for the elements that it sees, and zeros for the others. Invalid for other kernels.
Value input_gradient_of_one_tap(GradientCall& c, const Attrs& window) {
  const Shape x = c.shape(c.x(0));
  const Shape w = c.shape(c.x(1));
  const int n = x.rank() - 2;
  const Ints strides = window.ints("strides", Ints(static_cast<size_t>(n), 1));
  const bool is_padded = window.text("auto_pad", window.has("padding") ? "explicit" : "valid") == "explicit";
  if (w.elements(0, n) != 1 || is_padded) return {};
  Value dx = c.g.op("conv", {c.dy[0], turned(c.g, c.x(1))});
  for (int axis = 0; axis < n; ++axis) {
    // With auto_pad same, a tap alone pads nothing either: it sees the elements 0, stride, ...
    dx = spread_out(c.g, dx, axis + 1, strides[static_cast<size_t>(axis)], x[axis + 1]);
  }
  return dx;
}

// Each channel has filters of its own: as many kernels as filters, each of one channel, whose results are summed. With stride 1
// it is a convolution with the kernel turned around.
Value depthwise_input_gradient(GradientCall& c, const Attrs& window) {
  GraphBuilder& g = c.g;
  const Shape x = c.shape(c.x(0));
  const Shape w = c.shape(c.x(1));
  const Shape y = c.shape(c.dy[0]);
  const int n = x.rank() - 2;
  const auto count = static_cast<size_t>(n);
  const Ints strides = window.ints("strides", Ints(count, 1));
  const Ints dilations = window.ints("dilations", Ints(count, 1));
  const std::string pad = window.text("auto_pad", window.has("padding") ? "explicit" : "valid");
  Value dy = c.dy[0];
  Ints padding;
  Ints turned;
  Ints widths(2 * static_cast<size_t>(x.rank()), 0);
  for (int axis = 0; axis < n; ++axis) {
    const auto i = static_cast<size_t>(axis);
    const int64_t extent = (w[axis] - 1) * dilations[i] + 1;
    const int64_t spread = (y[axis + 1] - 1) * strides[i] + 1;  // of dy with its elements `stride` apart
    const int64_t lacking = std::max<int64_t>(spread - 1 + extent - x[axis + 1], 0);
    const int64_t low = pad == "same" ? lacking / 2 : pad == "explicit" ? window.ints("padding")[2 * i] : 0;
    padding.push_back(std::max<int64_t>(extent - 1 - low, 0));
    padding.push_back(std::max<int64_t>(x[axis + 1] + low - spread, 0));
    turned.push_back(axis);
    dy = spread_out(g, dy, axis + 1, strides[i], spread);
  }
  const Value kernel = g.op("reverse", {c.x(1)}, {{"axes", turned}});
  Value dx = g.op("conv", {dy, kernel},
                  {{"dilations", dilations},
                   {"auto_pad", std::string("explicit")},
                   {"padding", padding},
                   {"groups", w.back()}});
  if (const int64_t multiplier = w.back() / x.back(); multiplier > 1) {
    Ints shape(g.shape(dx).begin(), g.shape(dx).end());
    shape.back() = x.back();
    shape.push_back(multiplier);
    dx = g.op("reduce_sum", {g.reshape(dx, shape)}, {{"axes", Ints{-1}}});
  }
  return dx;
}

void conv(GradientCall& c) {
  GraphBuilder& g = c.g;
  const Shape x = c.shape(c.x(0));
  const Shape w = c.shape(c.x(1));
  const Attrs window = window_of(c.node.attrs);
  const int64_t groups = c.node.attrs.integer("groups", 1);
  if (c.wants(1)) {
    Attrs attrs = window;
    attrs.set("kernel", kernel_of(w));
    attrs.set("groups", groups);
    c.give(1, g.op("conv_weight_gradient", {c.x(0), c.dy[0]}, attrs));
  }
  if (!c.wants(0)) return;
  if (groups == 1) {
    Value dx = input_gradient_by_convolution(c, window);
    if (!dx.valid()) dx = input_gradient_of_one_tap(c, window);
    return c.give(0, dx.valid() ? dx : input_gradient(g, c.dy[0], c.x(1), window, x));
  }
  if (groups == x.back()) return c.give(0, depthwise_input_gradient(c, window));
  std::vector<Value> parts;
  const int64_t filters = w.back() / groups;
  const Shape part_of_x = x.with(x.rank() - 1, x.back() / groups);
  for (int64_t i = 0; i < groups; ++i) {
    parts.push_back(input_gradient(g, part(g, c.dy[0], i * filters, filters),
                                   part(g, c.x(1), i * filters, filters), window, part_of_x));
  }
  c.give(0, g.op("concat", parts, {{"axis", int64_t{-1}}}));
}

// y = the input gradient of the convolution from y to x: so dx is that convolution of dy, and dw that of x's part with dy.
void conv_transpose(GradientCall& c) {
  GraphBuilder& g = c.g;
  const Shape w = c.shape(c.x(1));
  Attrs window = window_of(c.node.attrs);
  if (c.wants(0)) c.give(0, g.op("conv", {c.dy[0], c.x(1)}, window));
  if (!c.wants(1)) return;
  window.set("kernel", kernel_of(w));
  c.give(1, g.op("conv_weight_gradient", {c.dy[0], c.x(0)}, window));
}

void max_pool(GradientCall& c) {
  c.give(0, c.g.op("max_pool_gradient", {c.x(), c.y(), c.dy[0]}, c.node.attrs));
}

void avg_pool(GradientCall& c) {
  Attrs attrs = c.node.attrs;
  attrs.set("input_size", spatial(c.shape(c.x())));
  c.give(0, c.g.op("avg_pool_gradient", {c.dy[0]}, attrs));
}

}  // namespace

CORNU_GRADIENTS(conv) = {
    {"conv", conv}, {"conv_transpose", conv_transpose}, {"max_pool", max_pool}, {"avg_pool", avg_pool}};

}  // namespace cornu::train
