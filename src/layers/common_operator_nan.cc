// Reductions of keras.ops that leave NaN out. See operators.h.
// Source: keras/src/ops/numpy.py, 3.15
#include <limits>

#include "layers/operators.h"

namespace cornu::layers {
namespace {

using Values = std::vector<Value>;

// x with `instead` where it is NaN, and 1 where it is not.
struct Cleaned {
  Value x;
  Value counts;
  bool floating;
};

Cleaned cleaned(OperatorCall& c, double instead) {
  GraphBuilder& g = c.g;
  const Value x = c.tensor("x");
  if (!dtype_is_floating(g.dtype(x))) return {x, filled_like(g, x, 1, DType::float32), false};
  const Value nan = g.op("is_nan", {x});
  return {g.op("select", {nan, g.scalar_like(instead, x), x}), g.cast(g.op("logical_not", {nan}), g.dtype(x)),
          true};
}

Attrs over(OperatorCall& c, Value x) {
  return {{"axes", c.axes("axis", c.g.rank(x))}, {"keepdims", c.flag("keepdims", false)}};
}

Values total(OperatorCall& c, std::string_view op) {
  const Cleaned x = cleaned(c, op == "reduce_sum" ? 0 : 1);
  return {c.g.op(op, {x.x}, over(c, x.x))};
}

// Where nothing but NaN is left, the result is NaN.
Values extremum(OperatorCall& c, std::string_view op) {
  GraphBuilder& g = c.g;
  const double infinity = std::numeric_limits<double>::infinity();
  const Cleaned x = cleaned(c, op == "reduce_max" ? -infinity : infinity);
  const Value y = g.op(op, {x.x}, over(c, x.x));
  if (!x.floating) return {y};
  const Value none = g.op("equal", {g.op("reduce_sum", {x.counts}, over(c, x.x)), g.scalar_like(0, y)});
  return {g.op("select", {none, g.scalar_like(std::numeric_limits<double>::quiet_NaN(), y), y})};
}

Values moment(OperatorCall& c, std::string_view op) {
  GraphBuilder& g = c.g;
  const Cleaned x = cleaned(c, 0);
  const Value numbers = g.cast(x.x, float_type(g.dtype(x.x)));
  const Value counts = g.cast(x.counts, g.dtype(numbers));
  const Attrs attrs = over(c, numbers);
  if (op == "mean")
    return {g.op("div", {g.op("reduce_sum", {numbers}, attrs), g.op("reduce_sum", {counts}, attrs)})};
  const Attrs kept{{"axes", c.axes("axis", g.rank(numbers))}, {"keepdims", true}};
  const Value mean = g.op("div", {g.op("reduce_sum", {numbers}, kept), g.op("reduce_sum", {counts}, kept)});
  const Value gaps = g.op("mul", {g.op("sub", {numbers, mean}), counts});
  const Value variance =
      g.op("div", {g.op("reduce_sum", {g.op("square", {gaps})}, attrs), g.op("reduce_sum", {counts}, attrs)});
  return {op == "std" ? g.op("sqrt", {variance}) : variance};
}

Values cumulate(OperatorCall& c, std::string_view op) {
  GraphBuilder& g = c.g;
  Value x = cleaned(c, op == "cumsum" ? 0 : 1).x;
  if (c.has("dtype")) x = g.cast(x, c.dtype("dtype", g.dtype(x)));
  if (!c.has("axis")) x = g.reshape(x, {-1});
  return {g.op(op, {x}, {{"axis", c.has("axis") ? c.axis("axis", 0, g.rank(x)) : int64_t{0}}})};
}

Values position(OperatorCall& c, std::string_view op) {
  GraphBuilder& g = c.g;
  const double infinity = std::numeric_limits<double>::infinity();
  Value x = cleaned(c, op == "argmax" ? -infinity : infinity).x;
  const bool whole = !c.has("axis");
  const int rank = g.rank(x);
  const int64_t axis = whole ? 0 : c.axis("axis", 0, rank);
  if (whole) x = g.reshape(x, {-1});
  const Value at = g.op(op, {x}, {{"axis", axis}, {"dtype", DType::int32}});
  if (!c.flag("keepdims", false)) return {at};
  return {whole ? g.reshape(at, Ints(static_cast<size_t>(rank), 1))
                : g.op("expand_dims", {at}, {{"axes", Ints{axis}}})};
}

constexpr std::string_view kReduce = "x axis keepdims";

constexpr Operator kOperators[] = {
    {"nansum", kReduce, total, "reduce_sum"},
    {"nanprod", kReduce, total, "reduce_prod"},
    {"nanmax", kReduce, extremum, "reduce_max"},
    {"nanmin", kReduce, extremum, "reduce_min"},
    {"nanmean", kReduce, moment, "mean"},
    {"nanvar", kReduce, moment, "var"},
    {"nanstd", kReduce, moment, "std"},
    {"nancumsum", "x axis dtype", cumulate, "cumsum"},
    {"nancumprod", "x axis dtype", cumulate, "cumprod"},
    {"nanargmax", kReduce, position, "argmax"},
    {"nanargmin", kReduce, position, "argmin"},
};

}  // namespace

std::span<const Operator> nan_operators() {
  return kOperators;
}

}  // namespace cornu::layers
