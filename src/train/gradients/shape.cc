// Gradients of the ops that only move elements: each moves dy back, and adds what was moved to several places.
#include <algorithm>

#include "train/gradient.h"

namespace cornu::train {
namespace {

Ints dims(const Shape& shape) {
  return {shape.begin(), shape.end()};
}

void reshape(GradientCall& c) {
  c.give(0, c.g.reshape(c.dy[0], dims(c.shape(c.x()))));
}

void transpose(GradientCall& c) {
  const Ints& permutation = c.node.attrs.ints("permutation");
  const auto rank = static_cast<int>(permutation.size());
  Ints inverse(permutation.size());
  for (size_t i = 0; i < permutation.size(); ++i)
    inverse[static_cast<size_t>(normalize_axis(permutation[i], rank))] = static_cast<int64_t>(i);
  c.give(0, c.g.transpose(c.dy[0], inverse));
}

Value slice(GraphBuilder& g, Value x, int64_t axis, int64_t begin, int64_t size) {
  return g.op("slice_axis", {x}, {{"axis", axis}, {"begin", begin}, {"size", size}});
}

// x within zeros along one axis, so that it begins at `low` of `size`.
Value embed(GraphBuilder& g, Value x, int axis, int64_t low, int64_t size) {
  const Shape shape = g.shape(x);
  if (shape[axis] == size) return x;
  Ints padding(2 * static_cast<size_t>(shape.rank()), 0);
  padding[2 * static_cast<size_t>(axis)] = low;
  padding[2 * static_cast<size_t>(axis) + 1] = size - low - shape[axis];
  return g.op("pad", {x}, {{"padding", padding}});
}

void concat(GradientCall& c) {
  const int axis = normalize_axis(c.node.attrs.integer("axis"), c.shape(c.y()).rank());
  int64_t begin = 0;
  for (size_t i = 0; i < c.node.inputs.size(); ++i) {
    const int64_t size = c.shape(c.x(i))[axis];
    if (c.wants(i)) c.give(i, slice(c.g, c.dy[0], axis, begin, size));
    begin += size;
  }
}

void slice_axis(GradientCall& c) {
  const Shape x = c.shape(c.x());
  const int axis = normalize_axis(c.node.attrs.integer("axis"), x.rank());
  c.give(0, embed(c.g, c.dy[0], axis, c.node.attrs.integer("begin"), x[axis]));
}

// Elements first, first + step, ... of an axis of `size` came to dy, `step` > 0; the others get zeros.
Value spread(GraphBuilder& g, Value dy, int axis, int64_t first, int64_t step, int64_t size) {
  const int64_t count = g.shape(dy)[axis];
  if (step > 1 && count > 1) {
    const Ints shape = dims(g.shape(dy));
    Value wide = g.op("expand_dims", {dy}, {{"axes", Ints{axis + 1}}});
    wide = embed(g, wide, axis + 1, 0, step);
    Ints joined = shape;
    joined[static_cast<size_t>(axis)] = count * step;
    dy = slice(g, g.reshape(wide, joined), axis, 0, (count - 1) * step + 1);
  }
  return embed(g, dy, axis, first, size);
}

void strided_slice(GradientCall& c) {
  GraphBuilder& g = c.g;
  const Attrs& attrs = c.node.attrs;
  const Shape x = c.shape(c.x());
  const Ints& begin = attrs.ints("begin");
  const size_t count = begin.size();
  const auto flag = [&](const char* name, size_t i) { return attrs.ints(name, Ints(count, 0))[i] != 0; };
  const Ints strides = attrs.ints("strides", Ints(count, 1));
  // dy with the axes that were dropped and without those that were added.
  Ints kept;
  int axis_of_dy = 0;
  int axis_of_x = 0;
  for (size_t i = 0; i < count; ++i) {
    if (flag("new_axis", i)) {
      ++axis_of_dy;
    } else {
      kept.push_back(flag("drop_axis", i) ? 1 : c.shape(c.dy[0])[axis_of_dy++]);
      ++axis_of_x;
    }
  }
  for (; axis_of_x < x.rank(); ++axis_of_x) kept.push_back(x[axis_of_x]);
  if (x.elements() == 0 || Shape(kept).elements() == 0) return;
  Value dx = g.reshape(c.dy[0], kept);
  int axis = 0;
  for (size_t i = 0; i < count; ++i) {
    if (flag("new_axis", i)) continue;
    const int64_t size = x[axis];
    const int64_t step = flag("drop_axis", i) ? 1 : strides[i];
    int64_t first = begin[i] < 0 ? begin[i] + size : begin[i];
    if (!flag("drop_axis", i)) {
      first = flag("begin_absent", i) ? (step > 0 ? 0 : size - 1)
                                      : std::clamp<int64_t>(first, 0, step > 0 ? size : size - 1);
    }
    if (step < 0) {
      dx = g.op("reverse", {dx}, {{"axes", Ints{axis}}});
      first += (kept[static_cast<size_t>(axis)] - 1) * step;
    }
    dx = spread(g, dx, axis, first, std::abs(step), size);
    ++axis;
  }
  c.give(0, dx);
}

void pad(GradientCall& c) {
  GraphBuilder& g = c.g;
  const Ints& padding = c.node.attrs.ints("padding");
  const Shape x = c.shape(c.x());
  const std::string mode = c.node.attrs.text("mode", "constant");
  Value dx = c.dy[0];
  for (int axis = 0; axis < x.rank(); ++axis) {
    const int64_t low = padding[2 * static_cast<size_t>(axis)];
    const int64_t high = padding[2 * static_cast<size_t>(axis) + 1];
    if (low == 0 && high == 0) continue;
    Value inner = slice(g, dx, axis, low, x[axis]);
    if (mode != "constant") {  // the mirrored borders go back to where they came from
      const int64_t edge = mode == "reflect" ? 1 : 0;
      const auto mirrored = [&](int64_t begin, int64_t size, int64_t to) {
        if (size == 0) return;
        const Value border = g.op("reverse", {slice(g, dx, axis, begin, size)}, {{"axes", Ints{axis}}});
        inner = g.op("add", {inner, embed(g, border, axis, to, x[axis])});
      };
      mirrored(0, low, edge);
      mirrored(low + x[axis], high, x[axis] - high - edge);
    }
    dx = inner;
  }
  c.give(0, dx);
}

void broadcast_to(GradientCall& c) {
  c.give(0, c.dy[0]);
}

// y as (..., copies, size, ...): summed over the copies.
void tile(GradientCall& c) {
  GraphBuilder& g = c.g;
  const Ints& multiples = c.node.attrs.ints("multiples");
  const Shape x = c.shape(c.x());
  Ints split;
  Ints copies;
  for (int axis = 0; axis < x.rank(); ++axis) {
    if (multiples[static_cast<size_t>(axis)] != 1) {
      copies.push_back(static_cast<int64_t>(split.size()));
      split.push_back(multiples[static_cast<size_t>(axis)]);
    }
    split.push_back(x[axis]);
  }
  if (copies.empty()) return c.give(0, c.dy[0]);
  c.give(0, g.op("reduce_sum", {g.reshape(c.dy[0], split)}, {{"axes", copies}}));
}

void repeat(GradientCall& c) {
  const Shape x = c.shape(c.x());
  const int axis = normalize_axis(c.node.attrs.integer("axis"), x.rank());
  Ints split = dims(x);
  split.insert(split.begin() + axis + 1, c.node.attrs.integer("repeats"));
  c.give(0, c.g.op("reduce_sum", {c.g.reshape(c.dy[0], split)}, {{"axes", Ints{axis + 1}}}));
}

void reverse(GradientCall& c) {
  c.give(0, c.g.op("reverse", {c.dy[0]}, c.node.attrs));
}

void cast(GradientCall& c) {
  if (dtype_is_floating(c.g.dtype(c.x()))) c.give(0, c.g.cast(c.dy[0], c.g.dtype(c.x())));
}

void gather(GradientCall& c) {
  const Shape x = c.shape(c.x());
  const int axis = normalize_axis(c.node.attrs.integer("axis", 0), x.rank());
  if (!c.wants(0)) return;
  c.give(0, c.g.op("scatter_add", {c.x(1), c.dy[0]},
                   {{"axis", int64_t{axis}},
                    {"batch_dims", c.node.attrs.integer("batch_dims", 0)},
                    {"size", x[axis]}}));
}

}  // namespace

CORNU_GRADIENTS(shape) = {{"reshape", reshape},
                          {"expand_dims", reshape},
                          {"squeeze", reshape},
                          {"transpose", transpose},
                          {"concat", concat},
                          {"slice_axis", slice_axis},
                          {"strided_slice", strided_slice},
                          {"pad", pad},
                          {"broadcast_to", broadcast_to},
                          {"tile", tile},
                          {"repeat", repeat},
                          {"reverse", reverse},
                          {"cast", cast},
                          {"gather", gather}};

}  // namespace cornu::train
