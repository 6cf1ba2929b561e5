// Order statistics and membership of keras.ops and TensorFlow. See operators.h.
// Source: keras/src/ops/numpy.py and math.py, 3.15
#include <algorithm>
#include <cmath>

#include "layers/operators.h"

namespace cornu::layers {
namespace {

using Values = std::vector<Value>;

Value number_like(GraphBuilder& g, double value, Value like) {
  return g.scalar_like(value, like);
}

// x sorted along one axis at the end that stands for all reduced axes, whose sizes must be known.
struct Sorted {
  Value rows;  // [kept..., size]
  int64_t size = 0;
  Ints axes;  // of x that were reduced, in rising order
};

Sorted sorted_over(OperatorCall& c, Value x) {
  GraphBuilder& g = c.g;
  Sorted out;
  out.axes = c.axes("axis", g.rank(x));
  std::sort(out.axes.begin(), out.axes.end());
  Ints order;
  Ints dims;
  int unknown = 0;
  out.size = 1;
  for (int axis = 0; axis < g.rank(x); ++axis) {
    if (std::binary_search(out.axes.begin(), out.axes.end(), int64_t{axis})) {
      if (g.shape(x)[axis] < 1) c.fail_argument("axis", "axes of known size of at least 1");
      out.size *= g.shape(x)[axis];
    } else {
      order.push_back(axis);
      dims.push_back(g.shape(x)[axis]);
      unknown += g.shape(x)[axis] == Shape::kUnknown ? 1 : 0;
    }
  }
  if (unknown > 1) c.fail_argument("x", "a tensor with at most one unknown size");
  order.insert(order.end(), out.axes.begin(), out.axes.end());
  dims.push_back(out.size);
  const Value flat = g.reshape(g.transpose(x, order), dims);
  const int64_t last = g.rank(flat) - 1;
  const Value at = g.op("argsort", {flat}, {{"axis", last}, {"dtype", DType::int32}});
  out.rows = g.op("gather", {flat, at}, {{"axis", last}, {"batch_dims", last}});
  return out;
}

Value element(GraphBuilder& g, const Sorted& sorted, int64_t index) {
  const int64_t last = g.rank(sorted.rows) - 1;
  const Value one =
      g.op("slice_axis", {sorted.rows}, {{"axis", last}, {"begin", index}, {"size", int64_t{1}}});
  return g.op("squeeze", {one}, {{"axes", Ints{last}}});
}

// The element at `fraction` of the sorted ones, between two neighbours as `method` says.
Value at_fraction(OperatorCall& c, const Sorted& sorted, double fraction, const std::string& method) {
  GraphBuilder& g = c.g;
  if (!(fraction >= 0 && fraction <= 1)) c.fail_argument("q", "fractions from 0 to 1");
  const double place = fraction * static_cast<double>(sorted.size - 1);
  const auto low = static_cast<int64_t>(std::floor(place));
  const auto high = static_cast<int64_t>(std::ceil(place));
  if (method == "lower") return element(g, sorted, low);
  if (method == "higher") return element(g, sorted, high);
  if (method != "linear" && method != "midpoint")
    c.fail_argument("method", "linear, lower, higher or midpoint");
  const Value below = element(g, sorted, low);
  if (low == high) return below;
  const double weight = method == "midpoint" ? 0.5 : place - static_cast<double>(low);
  const Value gap = g.op("sub", {element(g, sorted, high), below});
  return g.op("add", {below, g.op("mul", {gap, number_like(g, weight, gap)})});
}

Value with_kept_axes(OperatorCall& c, Value y, const Ints& axes) {
  if (!c.flag("keepdims", false)) return y;
  return c.g.op("expand_dims", {y}, {{"axes", axes}});
}

Values median(OperatorCall& c, std::string_view) {
  const Value x = c.g.cast(c.tensor("x"), float_type(c.g.dtype(c.tensor("x"))));
  const Sorted sorted = sorted_over(c, x);
  return {with_kept_axes(c, at_fraction(c, sorted, 0.5, "midpoint"), sorted.axes)};
}

// One quantile, or a row of them as the first axis.
Values quantile(OperatorCall& c, std::string_view op) {
  GraphBuilder& g = c.g;
  const Value x = g.cast(c.tensor("x"), float_type(g.dtype(c.tensor("x"))));
  const Value wanted = c.tensor("q");
  const Tensor* known = g.graph().constant(wanted);
  if (known == nullptr || known->shape.rank() > 1)
    c.fail_argument("q", "a number or a list that is known when the model is loaded");
  const Sorted sorted = sorted_over(c, x);
  const std::string method = c.text("method", "linear");
  Values parts;
  for (double fraction : to_doubles(*known)) {
    const double scaled = op == "percentile" ? fraction / 100 : fraction;
    parts.push_back(with_kept_axes(c, at_fraction(c, sorted, scaled, method), sorted.axes));
  }
  if (known->shape.rank() == 0) return {parts[0]};
  if (parts.empty()) c.fail_argument("q", "at least one fraction");
  for (Value& part : parts) part = g.op("expand_dims", {part}, {{"axes", Ints{0}}});
  return {parts.size() == 1 ? parts[0] : g.op("concat", parts, {{"axis", int64_t{0}}})};
}

// The quantile of what is no number left out: how many are left, and so the place, differs from row to row.
Value quantile_without_nan(OperatorCall& c, const Sorted& sorted, Value count, double fraction,
                           const std::string& method) {
  GraphBuilder& g = c.g;
  if (!(fraction >= 0 && fraction <= 1)) c.fail_argument("q", "fractions from 0 to 1");
  const Value zero = g.scalar_like(0, count);
  const Value steps = g.op("maximum", {g.op("sub", {count, g.scalar_like(1, count)}), zero});
  const Value place = g.op("mul", {steps, g.scalar_like(fraction, steps)});
  const Value low = g.op("floor", {place});
  const Value high = g.op("ceil", {place});
  const int64_t last = g.rank(sorted.rows) - 1;
  const auto at = [&](Value index) {
    return g.op("gather", {sorted.rows, g.cast(index, DType::int32)}, {{"axis", last}, {"batch_dims", last}});
  };
  Value y = at(method == "higher" ? high : low);
  if (method == "linear" || method == "midpoint") {
    const Value weight = method == "linear" ? g.op("sub", {place, low}) : g.scalar_like(0.5, place);
    const Value gap = g.op("sub", {at(high), y});
    y = g.op("add", {y, g.op("mul", {gap, weight})});
  } else if (method != "lower" && method != "higher") {
    c.fail_argument("method", "linear, lower, higher or midpoint");
  }
  const Value none = g.op("equal", {count, zero});
  y = g.op("select", {none, g.scalar_like(std::nan(""), y), y});
  return g.op("squeeze", {y}, {{"axes", Ints{last}}});
}

Values nan_quantile(OperatorCall& c, std::string_view op) {
  GraphBuilder& g = c.g;
  const Value x = g.cast(c.tensor("x"), float_type(g.dtype(c.tensor("x"))));
  const double scale = op == "percentile" ? 0.01 : 1;
  std::vector<double> fractions{0.5};
  bool row = false;
  if (op != "median") {
    const Tensor* known = g.graph().constant(c.tensor("q"));
    if (known == nullptr || known->shape.rank() > 1 || known->shape.elements() == 0)
      c.fail_argument("q", "a number or a list that is known when the model is loaded");
    fractions = to_doubles(*known);
    row = known->shape.rank() == 1;
  }
  const Value nan = g.op("is_nan", {x});
  const Value rest = g.op("select", {nan, g.scalar_like(INFINITY, x), x});  // sorted behind all numbers
  const Sorted sorted = sorted_over(c, rest);
  const Value numbers = g.cast(g.op("logical_not", {nan}), g.dtype(x));
  Value count = g.op("reduce_sum", {numbers}, {{"axes", sorted.axes}, {"keepdims", false}});
  count = g.op("expand_dims", {count}, {{"axes", Ints{-1}}});
  Values parts;
  for (const double fraction : fractions) {
    const Value y = quantile_without_nan(c, sorted, count, fraction * scale, c.text("method", "linear"));
    parts.push_back(with_kept_axes(c, y, sorted.axes));
  }
  if (!row) return {parts[0]};
  for (Value& part : parts) part = g.op("expand_dims", {part}, {{"axes", Ints{0}}});
  return {parts.size() == 1 ? parts[0] : g.op("concat", parts, {{"axis", int64_t{0}}})};
}

Values search(OperatorCall& c, std::string_view op) {
  GraphBuilder& g = c.g;
  const bool digitizes = op == "digitize";
  const auto [row, x] = c.operands(digitizes ? "bins" : "row", "x");
  if (g.rank(row) != 1 && (digitizes || g.rank(row) != g.rank(x)))
    c.fail_argument(digitizes ? "bins" : "row", "one sorted row");
  const std::string side = c.text("side", digitizes ? "right" : "left");
  if (side != "left" && side != "right") c.fail_argument("side", "left or right");
  DType type = g.dtype(row) == DType::boolean ? DType::int32 : g.dtype(row);
  return {g.op("searchsorted", {g.cast(row, type), g.cast(x, type)},
               {{"right", side == "right"}, {"dtype", c.dtype("out_type", DType::int32)}})};
}

// Whether each element of x is among those of a second tensor.
Values is_in(OperatorCall& c, std::string_view) {
  GraphBuilder& g = c.g;
  const auto [x, among] = c.operands("x", "y");
  Value column = g.op("expand_dims", {x}, {{"axes", Ints{-1}}});
  Value found = g.op("reduce_any", {g.op("equal", {column, g.reshape(among, {-1})})},
                     {{"axes", Ints{-1}}, {"keepdims", false}});
  return {c.flag("invert", false) ? g.op("logical_not", {found}) : found};
}

// Whether the prediction of the target is among the k largest: fewer than k are larger, and it is finite.
Values in_top_k(OperatorCall& c, std::string_view) {
  GraphBuilder& g = c.g;
  const Value predictions = c.tensor("predictions");
  const Value target = g.op("expand_dims", {c.tensor("targets")}, {{"axes", Ints{-1}}});
  const Value own = g.op("gather", {predictions, g.cast(target, DType::int32)},
                         {{"axis", int64_t{1}}, {"batch_dims", int64_t{1}}});
  const Value larger = g.cast(g.op("greater", {predictions, own}), DType::int32);
  const Value count = g.op("reduce_sum", {larger}, {{"axes", Ints{1}}, {"keepdims", false}});
  const Value good = g.op("less", {count, g.scalar_like(static_cast<double>(c.integer("k")), count)});
  const Value finite = g.op("squeeze", {g.op("is_finite", {own})}, {{"axes", Ints{1}}});
  return {g.op("logical_and", {good, finite})};
}

// The choice of the first condition that holds, else the default.
Values select(OperatorCall& c, std::string_view) {
  GraphBuilder& g = c.g;
  const Values conditions = c.tensors("conditions");
  Values choices = c.tensors("choices");
  if (conditions.size() != choices.size()) c.fail_argument("choices", "a choice for each condition");
  Value y = c.has("default") ? c.tensor_beside("default", choices[0]) : g.scalar_like(0, choices[0]);
  const DType type = result_type(g.dtype(y), g.dtype(choices[0]));
  y = g.cast(y, type);
  for (size_t i = choices.size(); i-- > 0;)
    y = g.op("select", {g.cast(conditions[i], DType::boolean), g.cast(choices[i], type), y});
  return {y};
}

constexpr Operator kOperators[] = {
    {"median", "x axis keepdims", median, ""},
    {"quantile", "x q axis method keepdims", quantile, ""},
    {"percentile", "x q axis method keepdims", quantile, "percentile"},
    {"nanmedian", "x axis keepdims", nan_quantile, "median"},
    {"nanquantile", "x q axis method keepdims", nan_quantile, ""},
    {"nanpercentile", "x q axis method keepdims", nan_quantile, "percentile"},
    {"search_sorted searchsorted", "row|sorted_sequence x|values side out_type", search, ""},
    {"digitize", "x bins", search, "digitize"},
    {"is_in isin", "x|x1 y|x2 assume_unique invert", is_in, ""},
    {"in_top_k", "targets predictions k", in_top_k, ""},
    {"select", "conditions|condlist choices|choicelist default", select, ""},
};

}  // namespace

std::span<const Operator> order_operators() {
  return kOperators;
}

}  // namespace cornu::layers
