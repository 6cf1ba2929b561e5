// Gradients of reductions, running sums and softmax.
#include "train/gradient.h"

namespace cornu::train {
namespace {

// The axes that the node reduces, counted from the front.
Ints reduced(const GradientCall& c) {
  const int rank = c.shape(c.x()).rank();
  Ints axes;
  if (!c.node.attrs.has("axes")) {
    for (int axis = 0; axis < rank; ++axis) axes.push_back(axis);
  } else {
    for (int64_t axis : c.node.attrs.ints("axes")) axes.push_back(normalize_axis(axis, rank));
  }
  return axes;
}

// A reduced tensor with the axes of size 1 that broadcast against x.
Value kept(GradientCall& c, Value reduced_value) {
  Shape shape = c.shape(c.x());
  for (int64_t axis : reduced(c)) shape[static_cast<int>(axis)] = 1;
  return c.shape(reduced_value) == shape ? reduced_value
                                         : c.g.reshape(reduced_value, Ints(shape.begin(), shape.end()));
}

Value stretched(GradientCall& c, Value value) {
  const Shape x = c.shape(c.x());
  const Value wide = kept(c, value);
  return c.shape(wide) == x ? wide : c.g.op("broadcast_to", {wide}, {{"shape", Ints(x.begin(), x.end())}});
}

void reduce_sum(GradientCall& c) {
  c.give(0, stretched(c, c.dy[0]));
}

void reduce_mean(GradientCall& c) {
  const double count = static_cast<double>(c.shape(c.x()).elements()) /
                       static_cast<double>(std::max<int64_t>(c.shape(c.y()).elements(), 1));
  c.give(0, stretched(c, c.g.op("mul", {c.dy[0], c.g.scalar_like(1 / count, c.dy[0])})));
}

// Shared by all elements that are the extreme one.
void reduce_extreme(GradientCall& c) {
  GraphBuilder& g = c.g;
  const Value is_extreme = g.cast(g.op("equal", {c.x(), kept(c, c.y())}), g.dtype(c.x()));
  const Value count = g.op("reduce_sum", {is_extreme}, {{"axes", reduced(c)}, {"keepdims", true}});
  c.give(0, g.op("mul", {g.op("div", {is_extreme, count}), kept(c, c.dy[0])}));
}

// The product of the others: y / x, for x without zeros.
void reduce_prod(GradientCall& c) {
  GraphBuilder& g = c.g;
  c.give(0, g.op("div", {kept(c, g.op("mul", {c.dy[0], c.y()})), c.x()}));
}

void cumsum(GradientCall& c) {
  Attrs attrs = c.node.attrs;
  attrs.set("reverse", !attrs.flag("reverse"));
  c.give(0, c.g.op("cumsum", {c.dy[0]}, attrs));
}

void cumprod(GradientCall& c) {
  GraphBuilder& g = c.g;
  Attrs attrs = c.node.attrs;
  attrs.set("reverse", !attrs.flag("reverse"));
  c.give(0, g.op("div", {g.op("cumsum", {g.op("mul", {c.dy[0], c.y()})}, attrs), c.x()}));
}

Value along_axis(GradientCall& c, Value value) {
  return c.g.op("reduce_sum", {value},
                {{"axes", Ints{c.node.attrs.integer("axis", -1)}}, {"keepdims", true}});
}

// dx = y (dy - sum(dy y)).
void softmax(GradientCall& c) {
  GraphBuilder& g = c.g;
  const Value sum = along_axis(c, g.op("mul", {c.dy[0], c.y()}));
  c.give(0, g.op("mul", {g.op("sub", {c.dy[0], sum}), c.y()}));
}

// dx = dy - softmax(x) sum(dy).
void log_softmax(GradientCall& c) {
  GraphBuilder& g = c.g;
  const Value share = g.op("mul", {g.op("exp", {c.y()}), along_axis(c, c.dy[0])});
  c.give(0, g.op("sub", {c.dy[0], share}));
}

// With the support S of y and k = |S|: dx = dy - (sum over S of dy) / k inside of S, else 0. Exact for the threshold of
// Martins and Astudillo; see ops/sparsemax.cc for the one that Keras computes.
void sparsemax(GradientCall& c) {
  GraphBuilder& g = c.g;
  const Value inside = g.op("sign", {c.y()});
  const Value mean = g.op("div", {along_axis(c, g.op("mul", {inside, c.dy[0]})), along_axis(c, inside)});
  c.give(0, g.op("mul", {inside, g.op("sub", {c.dy[0], mean})}));
}

// layer_norm: n = (x - mean) r with r = 1 / sqrt(variance + epsilon); dn = dy gamma;
// dx = r (dn - mean(dn) - n mean(dn n)); dgamma = dy n; dbeta = dy.
void layer_norm(GradientCall& c) {
  GraphBuilder& g = c.g;
  const Attrs attrs{{"axes", c.node.attrs.ints("axes")}, {"keepdims", true}};
  const auto mean = [&](Value v) { return g.op("reduce_mean", {v}, attrs); };
  const Value x = c.x();
  const Value centred = g.op("sub", {x, mean(x)});
  const Value variance = mean(g.op("square", {centred}));
  const Value r = g.op("rsqrt", {g.op("add", {variance, g.scalar_like(c.node.attrs.number("epsilon"), x)})});
  const Value n = g.op("mul", {centred, r});
  const bool has_gamma = c.node.attrs.flag("has_gamma");
  const Value dn = has_gamma ? g.op("mul", {c.dy[0], c.x(1)}) : c.dy[0];
  if (c.wants(0)) {
    const Value along_n = g.op("mul", {n, mean(g.op("mul", {dn, n}))});
    c.give(0, g.op("mul", {r, g.op("sub", {g.op("sub", {dn, mean(dn)}), along_n})}));
  }
  if (has_gamma && c.wants(1)) c.give(1, g.op("mul", {c.dy[0], n}));
  if (const size_t beta = has_gamma ? 2 : 1; c.wants(beta)) c.give(beta, c.dy[0]);
}

}  // namespace

CORNU_GRADIENTS(reduce) = {
    {"reduce_sum", reduce_sum},     {"reduce_mean", reduce_mean}, {"reduce_max", reduce_extreme},
    {"reduce_min", reduce_extreme}, {"reduce_prod", reduce_prod}, {"cumsum", cumsum},
    {"cumprod", cumprod},           {"softmax", softmax},         {"log_softmax", log_softmax},
    {"sparsemax", sparsemax},       {"layer_norm", layer_norm}};

}  // namespace cornu::train
