// Gradients of the functions of one number: dx = dy * f'(x), written with y where that is cheaper.
#include <cmath>
#include <numbers>

#include "train/formula.h"
#include "train/gradient.h"

namespace cornu::train {
namespace {

// What the slope of a function is written with: x and y, and the attributes.
struct Slope : Formula {
  const Attrs& attrs;
  Value x, y;

  Value num(double v) const { return Formula::num(v, x); }
  Value one_minus(Value a) const { return sub(1, a); }
  // a where low < x < high, else 0.
  Value between(double low, double high, Value a) const {
    return where(over(x, low), where(under(x, high), a, num(0)), num(0));
  }
};

template <auto kSlope>
void unary(GradientCall& c) {
  c.give(0, c.g.op("mul", {c.dy[0], kSlope(Slope{{c.g}, c.node.attrs, c.x(), c.y()})}));
}

void pass(GradientCall& c) {
  c.give(0, c.dy[0]);
}

void neg(GradientCall& c) {
  c.give(0, c.g.op("neg", {c.dy[0]}));
}

// Where x lies within the bounds, themselves included, as TensorFlow does.
Value clip_slope(const Slope& s) {
  Value slope = s.num(1);
  if (s.attrs.has("max"))
    slope = s.where(s.g.op("less_equal", {s.x, s.num(s.attrs.number("max"))}), slope, s.num(0));
  if (s.attrs.has("min"))
    slope = s.where(s.g.op("greater_equal", {s.x, s.num(s.attrs.number("min"))}), slope, s.num(0));
  return slope;
}

Value gelu_slope(const Slope& s) {
  const Value x = s.x;
  if (s.attrs.flag("approximate")) {
    constexpr double kCube = 0.044715;
    const double root = std::sqrt(2 / std::numbers::pi);
    const Value squared = s.square(x);
    const Value t = s.fn("tanh", s.mul(s.mul(x, s.add(s.mul(squared, kCube), 1)), root));
    const Value inner = s.mul(s.add(s.mul(squared, 3 * kCube), 1), root);
    const Value tail = s.mul(s.mul(x, s.one_minus(s.square(t))), inner);
    return s.mul(s.add(s.add(t, 1), tail), 0.5);
  }
  const Value cdf = s.mul(s.add(s.fn("erf", s.mul(x, std::numbers::sqrt2 / 2)), 1), 0.5);
  const Value density = s.mul(s.fn("exp", s.mul(s.square(x), -0.5)), 1 / std::sqrt(2 * std::numbers::pi));
  return s.add(cdf, s.mul(x, density));
}

Value mish_slope(const Slope& s) {
  const Value t = s.fn("tanh", s.fn("softplus", s.x));
  return s.add(t, s.mul(s.mul(s.x, s.sigmoid(s.x)), s.one_minus(s.square(t))));
}

Value silu_slope(const Slope& s) {
  const Value sigmoid = s.sigmoid(s.x);
  return s.mul(sigmoid, s.add(s.mul(s.x, s.one_minus(sigmoid)), 1));
}

Value erf_slope(const Slope& s) {
  return s.mul(s.fn("exp", s.fn("neg", s.square(s.x))), 2 / std::sqrt(std::numbers::pi));
}

Value selu_slope(const Slope& s) {
  constexpr double kScale = 1.0507009873554805;
  constexpr double kAlpha = 1.6732632423543772;
  return s.where(s.over(s.x, 0), s.num(kScale), s.add(s.y, kScale * kAlpha));
}

Value squareplus_slope(const Slope& s) {
  const Value root = s.fn("sqrt", s.add(s.square(s.x), s.attrs.number("b", 4)));
  return s.mul(s.add(s.g.op("div", {s.x, root}), 1), 0.5);
}

Value shrink_slope(const Slope& s) {
  const double threshold = s.attrs.number("threshold", 0.5);
  return s.where(s.over(s.fn("abs", s.x), threshold), s.num(1), s.num(0));
}

// y is never below 0, so its sign is 1 where it is above, and 0.
Value relu_slope(const Slope& s) {
  return s.fn("sign", s.y);
}

Value root_of_one_minus_square(const Slope& s) {
  return s.fn("rsqrt", s.one_minus(s.square(s.x)));
}

}  // namespace

CORNU_GRADIENTS(unary) = {
    {"identity", pass},
    {"neg", neg},
    {"relu", unary<relu_slope>},
    {"leaky_relu",
     unary<[](const Slope& s) { return s.where(s.over(s.x, 0), s.num(1), s.num(s.attrs.number("slope"))); }>},
    {"elu", unary<[](const Slope& s) {
       return s.where(s.over(s.x, 0), s.num(1), s.add(s.y, s.attrs.number("alpha", 1)));
     }>},
    {"celu", unary<[](const Slope& s) {
       return s.where(s.over(s.x, 0), s.num(1), s.fn("exp", s.mul(s.x, 1 / s.attrs.number("alpha", 1))));
     }>},
    {"selu", unary<selu_slope>},
    {"sigmoid", unary<[](const Slope& s) { return s.mul(s.y, s.one_minus(s.y)); }>},
    {"log_sigmoid", unary<[](const Slope& s) { return s.sigmoid(s.fn("neg", s.x)); }>},
    {"tanh", unary<[](const Slope& s) { return s.one_minus(s.square(s.y)); }>},
    {"silu", unary<silu_slope>},
    {"gelu", unary<gelu_slope>},
    {"mish", unary<mish_slope>},
    {"softplus", unary<[](const Slope& s) { return s.sigmoid(s.x); }>},
    {"softsign", unary<[](const Slope& s) { return s.square(s.reciprocal(s.add(s.fn("abs", s.x), 1))); }>},
    {"hard_sigmoid", unary<[](const Slope& s) { return s.between(-3, 3, s.num(1.0 / 6)); }>},
    {"hard_silu", unary<[](const Slope& s) {
       return s.where(s.over(s.x, 3), s.num(1), s.between(-3, 3, s.add(s.mul(s.x, 1.0 / 3), 0.5)));
     }>},
    {"hard_tanh", unary<[](const Slope& s) { return s.between(-1, 1, s.num(1)); }>},
    {"tanh_shrink", unary<[](const Slope& s) { return s.square(s.fn("tanh", s.x)); }>},
    {"soft_shrink", unary<shrink_slope>},
    {"hard_shrink", unary<shrink_slope>},
    {"squareplus", unary<squareplus_slope>},
    {"sparse_plus", unary<[](const Slope& s) {
       return s.where(s.under(s.x, 1), s.where(s.over(s.x, -1), s.mul(s.add(s.x, 1), 0.5), s.num(0)),
                      s.num(1));
     }>},
    {"sparse_sigmoid", unary<[](const Slope& s) { return s.between(-1, 1, s.num(0.5)); }>},
    {"exp", unary<[](const Slope& s) { return s.y; }>},
    {"expm1", unary<[](const Slope& s) { return s.add(s.y, 1); }>},
    {"log", unary<[](const Slope& s) { return s.reciprocal(s.x); }>},
    {"log1p", unary<[](const Slope& s) { return s.reciprocal(s.add(s.x, 1)); }>},
    {"sqrt", unary<[](const Slope& s) { return s.mul(s.reciprocal(s.y), 0.5); }>},
    {"rsqrt", unary<[](const Slope& s) { return s.mul(s.mul(s.y, s.square(s.y)), -0.5); }>},
    {"reciprocal", unary<[](const Slope& s) { return s.fn("neg", s.square(s.y)); }>},
    {"square", unary<[](const Slope& s) { return s.mul(s.x, 2); }>},
    {"abs", unary<[](const Slope& s) { return s.fn("sign", s.x); }>},
    {"clip", unary<clip_slope>},
    {"erf", unary<erf_slope>},
    {"erfc", unary<[](const Slope& s) { return s.fn("neg", erf_slope(s)); }>},
    {"sin", unary<[](const Slope& s) { return s.fn("cos", s.x); }>},
    {"cos", unary<[](const Slope& s) { return s.fn("neg", s.fn("sin", s.x)); }>},
    {"tan", unary<[](const Slope& s) { return s.add(s.square(s.y), 1); }>},
    {"asin", unary<root_of_one_minus_square>},
    {"acos", unary<[](const Slope& s) { return s.fn("neg", root_of_one_minus_square(s)); }>},
    {"atan", unary<[](const Slope& s) { return s.reciprocal(s.add(s.square(s.x), 1)); }>},
    {"sinh", unary<[](const Slope& s) { return s.fn("cosh", s.x); }>},
    {"cosh", unary<[](const Slope& s) { return s.fn("sinh", s.x); }>},
    {"asinh", unary<[](const Slope& s) { return s.fn("rsqrt", s.add(s.square(s.x), 1)); }>},
    {"acosh", unary<[](const Slope& s) { return s.fn("rsqrt", s.add(s.square(s.x), -1)); }>},
    {"atanh", unary<[](const Slope& s) { return s.reciprocal(s.one_minus(s.square(s.x))); }>},
    {"floor", nullptr},
    {"ceil", nullptr},
    {"round", nullptr},
    {"sign", nullptr},
};

}  // namespace cornu::train
