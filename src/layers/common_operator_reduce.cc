// Reductions and scans of keras.ops and TensorFlow. See operators.h.
// Source: keras/src/ops/numpy.py and math.py, 3.15; the tf.math.reduce_* functions of TensorFlow 2.21
#include "layers/operators.h"

namespace cornu::layers {
namespace {

using Values = std::vector<Value>;

Attrs over(const Ints& axes, bool keepdims) {
  return {{"axes", axes}, {"keepdims", keepdims}};
}

Value floating(GraphBuilder& g, Value x) {
  return g.cast(x, float_type(g.dtype(x)));
}

// The sum of small types is taken in 32 bits in Keras 3, of bool everywhere.
Value summable(OperatorCall& c, Value x) {
  const DType type = c.g.dtype(x);
  if (type == DType::boolean) return c.g.cast(x, DType::int32);
  if (!c.keras3) return x;
  if (type == DType::int8 || type == DType::int16) return c.g.cast(x, DType::int32);
  return type == DType::uint8 || type == DType::uint16 ? c.g.cast(x, DType::uint32) : x;
}

Values reduce(OperatorCall& c, std::string_view op) {
  GraphBuilder& g = c.g;
  Value x = c.tensor("x");
  if (op == "reduce_any" || op == "reduce_all") x = g.cast(x, DType::boolean);
  if (op == "reduce_sum" || op == "reduce_prod") x = summable(c, x);
  if (op == "reduce_mean" && (c.keras3 || g.dtype(x) == DType::boolean)) x = floating(g, x);
  if (c.has("dtype")) x = g.cast(x, c.dtype("dtype", g.dtype(x)));
  Value y = g.op(op, {x}, over(c.axes("axis", g.rank(x)), c.flag("keepdims", false)));
  if (!c.has("initial")) return {y};
  return {binary(g, op == "reduce_max" ? "maximum" : "minimum", y, c.tensor_beside("initial", y))};
}

struct Moments {
  Value mean;
  Value variance;
};

Moments moments_of(GraphBuilder& g, Value x, const Ints& axes, bool keepdims) {
  const Value kept = g.op("reduce_mean", {x}, over(axes, true));
  const Value variance =
      g.op("reduce_mean", {g.op("square", {g.op("sub", {x, kept})})}, over(axes, keepdims));
  return {keepdims ? kept : g.op("reduce_mean", {x}, over(axes, false)), variance};
}

Values variance(OperatorCall& c, std::string_view op) {
  const Value x = floating(c.g, c.tensor("x"));
  const Value value = moments_of(c.g, x, c.axes("axis", c.g.rank(x)), c.flag("keepdims", false)).variance;
  return {op == "std" ? c.g.op("sqrt", {value}) : value};
}

Values moments(OperatorCall& c, std::string_view) {
  const Value x = floating(c.g, c.tensor("x"));
  const Moments both = moments_of(c.g, x, c.axes("axis", c.g.rank(x)), c.flag("keepdims", false));
  return {both.mean, both.variance};
}

Values logsumexp(OperatorCall& c, std::string_view) {
  GraphBuilder& g = c.g;
  const Value x = floating(g, c.tensor("x"));
  const Ints axes = c.axes("axis", g.rank(x));
  const Value largest = g.op("reduce_max", {x}, over(axes, true));
  const Value bounded = g.op("select", {g.op("is_finite", {largest}), largest, g.scalar_like(0, x)});
  const Value sum = g.op("reduce_sum", {g.op("exp", {g.op("sub", {x, bounded})})}, over(axes, true));
  const Value y = g.op("add", {g.op("log", {sum}), bounded});
  return {c.flag("keepdims", false) ? y : g.op("squeeze", {y}, {{"axes", axes}})};
}

// The largest less the smallest.
Values range_of(OperatorCall& c, std::string_view) {
  const Value x = c.tensor("x");
  const Attrs attrs = over(c.axes("axis", c.g.rank(x)), c.flag("keepdims", false));
  return {c.g.op("sub", {c.g.op("reduce_max", {x}, attrs), c.g.op("reduce_min", {x}, attrs)})};
}

Values count_nonzero(OperatorCall& c, std::string_view) {
  const Value x = c.g.cast(c.g.cast(c.tensor("x"), DType::boolean),
                           c.dtype("dtype", c.keras3 ? DType::int32 : DType::int64));
  return {c.g.op("reduce_sum", {x}, over(c.axes("axis", c.g.rank(x)), c.flag("keepdims", false)))};
}

// Length 1, 2 or infinity, or the Euclidean one of a whole tensor.
Values norm(OperatorCall& c, std::string_view) {
  GraphBuilder& g = c.g;
  const Value x = floating(g, c.tensor("x"));
  const Ints axes = c.axes("axis", g.rank(x));
  const Argument* order = c.find("ord");
  std::string kind = "2";
  if (order != nullptr)
    kind = order->literal.is_string() ? c.text("ord", "") : std::to_string(c.integer("ord"));
  const Attrs attrs = over(axes, c.flag("keepdims", false));
  const bool frobenius =
      kind == "euclidean" || kind == "fro" || (kind == "2" && (axes.size() == 1 || order == nullptr));
  if (frobenius) return {g.op("sqrt", {g.op("reduce_sum", {g.op("square", {x})}, attrs)})};
  if (axes.size() == 1 && kind == "1") return {g.op("reduce_sum", {g.op("abs", {x})}, attrs)};
  if (axes.size() == 1 && kind == "inf") return {g.op("reduce_max", {g.op("abs", {x})}, attrs)};
  c.fail_argument("ord", "absent, 2, 1, 'inf', 'fro' or 'euclidean', along one axis");
}

// sum(x w) / sum(w); the weights have the shape of x, or of the one axis.
Values average(OperatorCall& c, std::string_view) {
  GraphBuilder& g = c.g;
  const Value x = floating(g, c.tensor("x"));
  const Ints axes = c.axes("axis", g.rank(x));
  if (!c.has("weights")) return {g.op("reduce_mean", {x}, over(axes, false))};
  Value w = g.cast(c.tensor_beside("weights", x), g.dtype(x));
  if (g.rank(w) == 1 && axes.size() == 1) {
    Ints dims(static_cast<size_t>(g.rank(x)), 1);
    dims[static_cast<size_t>(axes[0])] = -1;
    w = g.reshape(w, dims);
  }
  const Value ones = filled_like(g, x, 1, g.dtype(x));
  const Value total = g.op("reduce_sum", {g.op("mul", {ones, w})}, over(axes, false));
  return {g.op("div", {g.op("reduce_sum", {g.op("mul", {x, w})}, over(axes, false)), total})};
}

Value flattened(GraphBuilder& g, Value x) {
  return g.rank(x) == 1 ? x : g.reshape(x, {-1});
}

Values arg_extremum(OperatorCall& c, std::string_view op) {
  GraphBuilder& g = c.g;
  Value x = c.tensor("x");
  const int rank = g.rank(x);
  const bool whole = c.keras3 && !c.has("axis");
  if (whole) x = flattened(g, x);
  const int64_t axis = whole ? 0 : c.axis("axis", 0, rank);
  const DType type = c.dtype("dtype", c.keras3 ? DType::int32 : DType::int64);
  Value y = g.op(op, {x}, {{"axis", axis}, {"dtype", type}});
  if (!c.flag("keepdims", false)) return {y};
  return {whole ? g.reshape(y, Ints(static_cast<size_t>(rank), 1))
                : g.op("expand_dims", {y}, {{"axes", Ints{axis}}})};
}

Values cumulate(OperatorCall& c, std::string_view op) {
  GraphBuilder& g = c.g;
  Value x = summable(c, c.tensor("x"));
  if (c.has("dtype")) x = g.cast(x, c.dtype("dtype", g.dtype(x)));
  if (c.keras3 && !c.has("axis")) x = flattened(g, x);
  const Attrs attrs{{"axis", c.axis("axis", 0, g.rank(x))},
                    {"exclusive", c.flag("exclusive", false)},
                    {"reverse", c.flag("reverse", false)}};
  return {g.op(op, {x}, attrs)};
}

// Differences of neighbours along an axis, n times.
Values diff(OperatorCall& c, std::string_view) {
  GraphBuilder& g = c.g;
  Value x = c.tensor("x");
  const int64_t axis = c.axis("axis", -1, g.rank(x));
  const int64_t times = c.integer("n", 1);
  const int64_t size = g.shape(x)[static_cast<int>(axis)];
  if (times < 0 || size == Shape::kUnknown || times >= size)
    c.fail_argument("n", "at least 0 and less than the known size of the axis");
  for (int64_t i = 0; i < times; ++i) {
    const int64_t left = size - i - 1;
    const Value high = g.op("slice_axis", {x}, {{"axis", axis}, {"begin", int64_t{1}}, {"size", left}});
    x = g.op("sub", {high, g.op("slice_axis", {x}, {{"axis", axis}, {"begin", int64_t{0}}, {"size", left}})});
  }
  return {x};
}

constexpr std::string_view kReduce =
    "x|input_tensor|input axis|reduction_indices keepdims|keep_dims initial dtype";
constexpr std::string_view kArg = "x|input axis|dimension keepdims dtype|output_type";

constexpr Operator kOperators[] = {
    {"sum reduce_sum", kReduce, reduce, "reduce_sum"},
    {"mean reduce_mean", kReduce, reduce, "reduce_mean"},
    {"max amax reduce_max", kReduce, reduce, "reduce_max"},
    {"min amin reduce_min", kReduce, reduce, "reduce_min"},
    {"prod reduce_prod", kReduce, reduce, "reduce_prod"},
    {"any reduce_any", kReduce, reduce, "reduce_any"},
    {"all reduce_all", kReduce, reduce, "reduce_all"},
    {"std reduce_std", kReduce, variance, "std"},
    {"var reduce_variance", kReduce, variance, ""},
    {"moments", "x axis|axes shift keepdims|keep_dims synchronized", moments, ""},
    {"logsumexp reduce_logsumexp", kReduce, logsumexp, ""},
    {"ptp", "x axis keepdims", range_of, ""},
    {"count_nonzero", "x|input axis keepdims dtype", count_nonzero, ""},
    {"norm", "x|tensor ord axis keepdims", norm, ""},
    {"average", "x axis weights", average, ""},
    {"argmax arg_max", kArg, arg_extremum, "argmax"},
    {"argmin arg_min", kArg, arg_extremum, "argmin"},
    {"cumsum", "x axis exclusive reverse dtype", cumulate, "cumsum"},
    {"cumprod", "x axis exclusive reverse dtype", cumulate, "cumprod"},
    {"diff", "x|a n axis", diff, ""},
};

}  // namespace

std::span<const Operator> reduction_operators() {
  return kOperators;
}

}  // namespace cornu::layers
