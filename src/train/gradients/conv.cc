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
    if (strides[i] > 1 && y[axis + 1] > 1) {
      Ints shape(g.shape(dy).begin(), g.shape(dy).end());
      Ints border(2 * (shape.size() + 1), 0);
      border[2 * static_cast<size_t>(axis + 2) + 1] = strides[i] - 1;
      dy = g.op("pad", {g.op("expand_dims", {dy}, {{"axes", Ints{axis + 2}}})}, {{"padding", border}});
      shape[static_cast<size_t>(axis + 1)] *= strides[i];
      dy = g.op("slice_axis", {g.reshape(dy, shape)},
                {{"axis", int64_t{axis + 1}}, {"begin", int64_t{0}}, {"size", spread}});
    }
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
  if (groups == 1) return c.give(0, input_gradient(g, c.dy[0], c.x(1), window, x));
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
