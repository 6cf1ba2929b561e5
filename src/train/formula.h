// Formula: short spellings of arithmetic in a graph, so that code reads like the formula it stands for.
#pragma once

#include <initializer_list>
#include <string_view>
#include <utility>

#include "ir/builder.h"

namespace cornu::train {

using ir::GraphBuilder;
using ir::Value;

// Numbers take the type of the tensor that they meet.
struct Formula {
  GraphBuilder& g;

  Value num(double v, Value like) const { return g.scalar_like(v, like); }
  Value fn(std::string_view name, Value a, Attrs attrs = {}) const {
    return g.op(name, {a}, std::move(attrs));
  }
  Value add(Value a, Value b) const { return g.op("add", {a, b}); }
  Value add(Value a, double b) const { return add(a, num(b, a)); }
  Value sub(Value a, Value b) const { return g.op("sub", {a, b}); }
  Value sub(double a, Value b) const { return sub(num(a, b), b); }
  Value mul(Value a, Value b) const { return g.op("mul", {a, b}); }
  Value mul(Value a, double b) const { return mul(a, num(b, a)); }
  Value div(Value a, Value b) const { return g.op("div", {a, b}); }
  Value pow(Value a, double b) const { return g.op("pow", {a, num(b, a)}); }
  Value pow(double a, Value b) const { return g.op("pow", {num(a, b), b}); }
  Value maximum(Value a, Value b) const { return g.op("maximum", {a, b}); }
  Value maximum(Value a, double b) const { return maximum(a, num(b, a)); }
  Value minimum(Value a, double b) const { return g.op("minimum", {a, num(b, a)}); }
  Value clip(Value a, double low, double high) const { return fn("clip", a, {{"min", low}, {"max", high}}); }
  Value neg(Value a) const { return fn("neg", a); }
  Value abs(Value a) const { return fn("abs", a); }
  Value square(Value a) const { return fn("square", a); }
  Value sqrt(Value a) const { return fn("sqrt", a); }
  Value rsqrt(Value a) const { return fn("rsqrt", a); }
  Value reciprocal(Value a) const { return fn("reciprocal", a); }
  Value exp(Value a) const { return fn("exp", a); }
  Value log(Value a) const { return fn("log", a); }
  Value sign(Value a) const { return fn("sign", a); }
  Value sigmoid(Value a) const { return fn("sigmoid", a); }
  Value over(Value a, double bound) const { return g.op("greater", {a, num(bound, a)}); }
  Value under(Value a, double bound) const { return g.op("less", {a, num(bound, a)}); }
  Value where(Value condition, Value a, Value b) const { return g.op("select", {condition, a, b}); }
  Value sum(Value a, Ints axes, bool keepdims = false) const {
    return fn("reduce_sum", a, {{"axes", std::move(axes)}, {"keepdims", keepdims}});
  }
  Value mean(Value a, Ints axes, bool keepdims = false) const {
    return fn("reduce_mean", a, {{"axes", std::move(axes)}, {"keepdims", keepdims}});
  }
  Value sum(Value a) const { return fn("reduce_sum", a); }
  Value mean(Value a) const { return fn("reduce_mean", a); }
};

}  // namespace cornu::train
