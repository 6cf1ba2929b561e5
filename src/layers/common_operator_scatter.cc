// Elements by places: scatters, segments, and results whose size depends on the data. See operators.h.
// Source: keras/src/ops/core.py, math.py and numpy.py with their TensorFlow backend, 3.15; tf.scatter_nd and
// tf.math.segment_* of TensorFlow 2.21
#include <algorithm>

#include "layers/operators.h"
#include "layers/tensorflow_node.h"

namespace cornu::layers {
namespace {

using Values = std::vector<Value>;
constexpr int64_t kUnknown = Shape::kUnknown;

Value indices_of(OperatorCall& c, std::string_view parameter) {
  const Value index = c.tensor(parameter);
  if (!dtype_is_integer(c.g.dtype(index))) c.fail_argument(parameter, "a tensor of integers");
  return c.g.dtype(index) == DType::int64 ? index : c.g.cast(index, DType::int32);
}

// The sizes as a tensor of the type of `like`, and what is known of them.
std::pair<Value, Shape> sizes_of(OperatorCall& c, std::string_view parameter, Value like) {
  Shape shape;
  bool known = true;
  for (const OperatorCall::Size& size : c.sizes(parameter)) {
    shape.push_back(size.source.valid() ? kUnknown : size.size);
    known = known && !size.source.valid();
  }
  const DType type = c.g.dtype(like);
  if (!known) return {c.g.cast(c.size_tensor(parameter), type), shape};
  const Ints sizes(shape.begin(), shape.end());
  return {c.g.constant(tensor_of_ints(sizes, {static_cast<int64_t>(sizes.size())}, type)), shape};
}

Values scatter_nd(OperatorCall& c, std::string_view) {
  const Value index = indices_of(c, "indices");
  const Value updates = c.tensor("updates");
  const auto [sizes, shape] = sizes_of(c, "shape", index);
  return {tensorflow_value(c.g, "ScatterNd", {index, updates, sizes}, {c.g.dtype(updates), shape})};
}

Values tensor_scatter(OperatorCall& c, std::string_view fixed) {
  const Value x = c.tensor("x");
  const Value updates = c.g.cast(c.tensor("updates"), c.g.dtype(x));
  std::string op(fixed);
  if (op.empty()) {
    constexpr std::pair<std::string_view, std::string_view> kReductions[] = {{"", "TensorScatterUpdate"},
                                                                             {"add", "TensorScatterAdd"},
                                                                             {"max", "TensorScatterMax"},
                                                                             {"min", "TensorScatterMin"}};
    const std::string reduction = c.text("reduction", "");
    for (const auto& [name, found] : kReductions) {
      if (name == reduction) op = found;
    }
    if (op.empty()) c.call.fail(ErrorCode::unsupported, "{} with the reduction '{}'", c.name, reduction);
  }
  return {tensorflow_value(c.g, op, {x, indices_of(c, "indices"), updates}, {c.g.dtype(x), c.g.shape(x)})};
}

// `updates` in place of x from the start indices on; the part must lie inside of x.
Values slice_update(OperatorCall& c, std::string_view) {
  GraphBuilder& g = c.g;
  const Value x = c.tensor("x");
  const Value updates = g.cast(c.tensor("updates"), g.dtype(x));
  const Shape& whole = g.shape(x);
  const Shape& part = g.shape(updates);
  const Ints start = c.ints("start_indices");
  if (part.rank() != whole.rank() || start.size() != static_cast<size_t>(whole.rank()))
    c.fail_argument("start_indices", "one integer for each axis of two tensors of equal rank");
  Ints padding;
  for (int axis = 0; axis < whole.rank(); ++axis) {
    const int64_t first = start[static_cast<size_t>(axis)];
    const bool all =
        first == 0 && (whole[axis] == part[axis] || whole[axis] == kUnknown || part[axis] == kUnknown);
    const int64_t after = all ? 0 : whole[axis] - part[axis] - first;
    if (!all && (whole[axis] == kUnknown || part[axis] == kUnknown || first < 0 || after < 0))
      c.fail_argument("start_indices", "places from where the updates fit into the tensor");
    padding.insert(padding.end(), {first, after});
  }
  const Attrs attrs{{"padding", padding}, {"mode", std::string("constant")}};
  const Value inside = g.op("pad", {filled_like(g, updates, 1, DType::uint8)}, attrs);
  const Value moved = g.op("pad", {updates}, attrs);
  return {g.op("select", {g.cast(inside, DType::boolean), moved, x})};
}

Values gather_nd(OperatorCall& c, std::string_view) {
  GraphBuilder& g = c.g;
  const Value x = c.tensor("x");
  const Value index = indices_of(c, "indices");
  if (c.integer("batch_dims", 0) != 0) c.call.fail(ErrorCode::unsupported, "{} with batch_dims", c.name);
  const int64_t depth = g.rank(index) < 1 ? kUnknown : g.shape(index).back();
  if (depth < 0 || depth > g.rank(x)) c.fail_argument("indices", "a tensor whose last axis has a known size");
  Shape shape;
  for (int axis = 0; axis < g.rank(index) - 1; ++axis) shape.push_back(g.shape(index)[axis]);
  for (int axis = static_cast<int>(depth); axis < g.rank(x); ++axis) shape.push_back(g.shape(x)[axis]);
  return {tensorflow_value(g, "GatherNd", {x, index}, {g.dtype(x), shape})};
}

// How many segments there are, where that is not said: so many as different ids (sums), or one more than the largest id.
Value count_of(GraphBuilder& g, Value ids, bool distinct) {
  if (!distinct) {
    const Value largest = g.op("reduce_max", {ids}, {{"keepdims", false}});
    return g.op("add", {largest, g.scalar_like(1, largest)});
  }
  const TensorType type{g.dtype(ids), {kUnknown}};
  const Values unique =
      tensorflow_op(g, "Unique", {g.reshape(ids, {-1})}, {}, {type, {DType::int32, {kUnknown}}});
  const Value size = g.op("shape", {unique[0]}, {{"dtype", DType::int32}});
  return g.op("squeeze", {size}, {{"axes", Ints{0}}});
}

// Keras: segment_sum(data, ids, num_segments, sorted). TensorFlow: without a number the ids are sorted.
Values segment(OperatorCall& c, std::string_view fold) {
  GraphBuilder& g = c.g;
  const Value x = c.tensor("x");
  const Value ids = indices_of(c, "segment_ids");
  if (g.rank(ids) < 1 || g.rank(ids) > g.rank(x))
    c.fail_argument("segment_ids", "a tensor of leading sizes of the data");
  const bool sorted = c.flag("sorted", !c.keras3) && !c.has("num_segments");
  Shape shape{kUnknown};
  for (int axis = g.rank(ids); axis < g.rank(x); ++axis) shape.push_back(g.shape(x)[axis]);
  const std::string name(fold);
  if (sorted) return {tensorflow_value(g, "Segment" + name, {x, ids}, {g.dtype(x), shape})};
  Value count;
  if (c.has("num_segments")) {
    const auto [sizes, known] = sizes_of(c, "num_segments", ids);
    if (known.rank() != 1) c.fail_argument("num_segments", "an integer");
    shape[0] = known[0];
    count = g.reshape(sizes, {});
  } else {
    count = count_of(g, ids, name == "Sum");
  }
  return {tensorflow_value(g, "UnsortedSegment" + name, {x, ids, count}, {g.dtype(x), shape})};
}

// Means of segments: sums over counts. An empty segment gives 0.
Values segment_mean(OperatorCall& c, std::string_view op) {
  GraphBuilder& g = c.g;
  const Value sum = segment(c, "Sum").front();
  const Value ids = indices_of(c, "segment_ids");
  const Value ones = filled_like(g, ids, 1, g.dtype(sum));
  const auto [sizes, known] = sizes_of(c, "num_segments", ids);
  Value counts = tensorflow_value(g, "UnsortedSegmentSum", {ones, ids, g.reshape(sizes, {})},
                                  {g.dtype(sum), {known[0]}});
  counts = g.op("maximum", {counts, g.scalar_like(1, counts)});
  if (op == "sqrt") counts = g.op("sqrt", {counts});
  Ints dims{-1};
  for (int axis = 1; axis < g.rank(sum); ++axis) dims.push_back(1);
  return {g.op("div", {sum, g.reshape(counts, dims)})};
}

// Places of the elements that are not 0, one row each.
Value places_of(GraphBuilder& g, Value x) {
  const Value flags = g.op("not_equal", {x, g.scalar_like(0, x)});
  return tensorflow_value(g, "Where", {g.dtype(x) == DType::boolean ? x : flags},
                          {DType::int64, {kUnknown, g.rank(x)}});
}

// Keras: the places along each axis.
Values nonzero(OperatorCall& c, std::string_view) {
  GraphBuilder& g = c.g;
  const Value x = c.tensor("x");
  const Value places = g.cast(places_of(g, x), DType::int32);
  Values out;
  for (int64_t axis = 0; axis < g.rank(x); ++axis) {
    const Value column =
        g.op("slice_axis", {places}, {{"axis", int64_t{1}}, {"begin", axis}, {"size", int64_t{1}}});
    out.push_back(g.op("squeeze", {column}, {{"axes", Ints{1}}}));
  }
  return out;
}

// Slices of x where the mask over some of its axes is true, one after the other.
Values boolean_mask(OperatorCall& c, std::string_view) {
  GraphBuilder& g = c.g;
  const Value x = c.tensor("x");
  const Value mask = g.cast(c.tensor("mask"), DType::boolean);
  const int64_t first = c.has("axis") ? c.axis("axis", 0, g.rank(x)) : 0;
  const int64_t masked = g.rank(mask);
  if (masked < 1 || first + masked > g.rank(x)) c.fail_argument("mask", "a tensor of some axes of the other");
  Ints dims;
  Shape shape;
  for (int64_t axis = 0; axis < g.rank(x); ++axis) {
    if (axis > first && axis < first + masked) continue;
    const int64_t size = g.shape(x)[static_cast<int>(axis)];
    dims.push_back(axis == first ? -1 : size == kUnknown ? 0 : size);
    shape.push_back(axis == first ? kUnknown : size);
  }
  const bool inferred = masked > 1 && std::count(dims.begin(), dims.end(), 0) > (first > 0 ? 1 : 0);
  if (inferred) c.fail_argument("mask", "a mask over axes after which all sizes are known");
  const Value flat = masked > 1 ? g.reshape(x, dims) : x;
  const Value places = places_of(g, g.reshape(mask, {-1}));
  return {g.op("gather", {flat, g.op("squeeze", {places}, {{"axes", Ints{1}}})}, {{"axis", first}})};
}

// Different elements in their order of appearance (TensorFlow) or sorted (Keras), with the place of each in them.
Values unique(OperatorCall& c, std::string_view op) {
  GraphBuilder& g = c.g;
  const Value x = c.tensor("x");
  if (g.rank(x) != 1) c.fail_argument("x", "a vector");
  const TensorType type{g.dtype(x), {kUnknown}};
  const TensorType places{DType::int32, g.shape(x)};
  const TensorType counts{DType::int32, {kUnknown}};
  if (op == "counts") return tensorflow_op(g, "UniqueWithCounts", {x}, {}, {type, places, counts});
  return tensorflow_op(g, "Unique", {x}, {}, {type, places});
}

Values keras_unique(OperatorCall& c, std::string_view) {
  GraphBuilder& g = c.g;
  for (const char* parameter : {"return_index", "size", "axis"}) {
    if (c.has(parameter) && !(c.find(parameter)->literal.is_bool() && !c.find(parameter)->literal.boolean()))
      c.call.fail(ErrorCode::unsupported, "{} with {}", c.name, parameter);
  }
  const Value x = g.reshape(c.tensor("x"), {-1});
  const TensorType found{g.dtype(x), {kUnknown}};
  const TensorType number{DType::int32, {kUnknown}};
  const Values parts =
      tensorflow_op(g, "UniqueWithCounts", {x}, {}, {found, {DType::int32, g.shape(x)}, number});
  const Value order = g.op("argsort", {parts[0]}, {{"axis", int64_t{0}}, {"dtype", DType::int32}});
  const Attrs first{{"axis", int64_t{0}}};
  Values out{g.op("gather", {parts[0], order}, first)};
  if (c.flag("return_inverse", false)) {
    const Value place = g.op("argsort", {order}, {{"axis", int64_t{0}}, {"dtype", DType::int32}});
    out.push_back(g.op("gather", {place, parts[1]}, first));
  }
  if (c.flag("return_counts", false)) out.push_back(g.op("gather", {parts[2], order}, first));
  return out;
}

// Coordinates of places in a tensor of a shape.
Values unravel_index(OperatorCall& c, std::string_view) {
  GraphBuilder& g = c.g;
  Value index = c.tensor("indices");
  const Ints shape = c.ints("shape");
  Values out(shape.size());
  for (size_t i = shape.size(); i-- > 0;) {
    if (shape[i] < 1) c.fail_argument("shape", "sizes of at least 1");
    const Value size = g.scalar_like(static_cast<double>(shape[i]), index);
    out[i] = g.op("mod", {index, size});
    index = g.op("floor_div", {index, size});
  }
  if (c.keras3) return out;
  return {g.op("concat",
               [&] {
                 Values rows;
                 for (Value row : out) rows.push_back(g.op("expand_dims", {row}, {{"axes", Ints{0}}}));
                 return rows;
               }(),
               {{"axis", int64_t{0}}})};
}

Values invert_permutation(OperatorCall& c, std::string_view) {
  const Value x = c.tensor("x");
  return {c.g.op("argsort", {x}, {{"axis", int64_t{0}}, {"dtype", c.g.dtype(x)}})};
}

Values reverse_sequence(OperatorCall& c, std::string_view) {
  GraphBuilder& g = c.g;
  const Value x = c.tensor("x");
  NodeAttributes attributes;
  attributes.integer("seq_dim", c.axis("seq_axis", 0, g.rank(x)))
      .integer("batch_dim", c.axis("batch_axis", 0, g.rank(x)));
  return {tensorflow_value(g, "ReverseSequence", {x, indices_of(c, "seq_lengths")}, {g.dtype(x), g.shape(x)},
                           attributes)};
}

Values embedding_lookup(OperatorCall& c, std::string_view) {
  return {c.g.op("gather", {c.tensor("x"), indices_of(c, "indices")}, {{"axis", int64_t{0}}})};
}

constexpr std::string_view kScatter = "x|tensor|inputs indices updates";

constexpr Operator kOperators[] = {
    {"scatter scatter_nd", "indices updates|values shape", scatter_nd, ""},
    {"scatter_update", "x|inputs indices updates reduction", tensor_scatter, ""},
    {"tensor_scatter_nd_update tensor_scatter_update", kScatter, tensor_scatter, "TensorScatterUpdate"},
    {"tensor_scatter_nd_add tensor_scatter_add", kScatter, tensor_scatter, "TensorScatterAdd"},
    {"tensor_scatter_nd_sub tensor_scatter_sub", kScatter, tensor_scatter, "TensorScatterSub"},
    {"tensor_scatter_nd_max", kScatter, tensor_scatter, "TensorScatterMax"},
    {"tensor_scatter_nd_min", kScatter, tensor_scatter, "TensorScatterMin"},
    {"slice_update", "x|inputs start_indices updates", slice_update, ""},
    {"embedding_lookup", "x|params indices|ids partition_strategy", embedding_lookup, ""},
    {"gather_nd", "x|params indices batch_dims bad_indices_policy", gather_nd, ""},
    {"segment_sum unsorted_segment_sum", "x|data segment_ids num_segments sorted", segment, "Sum"},
    {"segment_max unsorted_segment_max", "x|data segment_ids num_segments sorted", segment, "Max"},
    {"segment_min unsorted_segment_min", "x|data segment_ids num_segments sorted", segment, "Min"},
    {"segment_prod unsorted_segment_prod", "x|data segment_ids num_segments sorted", segment, "Prod"},
    {"unsorted_segment_mean", "x|data segment_ids num_segments", segment_mean, ""},
    {"unsorted_segment_sqrt_n", "x|data segment_ids num_segments", segment_mean, "sqrt"},
    {"segment_mean", "x|data segment_ids", segment, "Mean"},
    {"nonzero", "x", nonzero, ""},
    {"boolean_mask", "x|tensor mask axis", boolean_mask, ""},
    {"unique_with_counts", "x out_idx", unique, "counts"},
    {"unravel_index", "indices shape|dims", unravel_index, ""},
    {"invert_permutation", "x", invert_permutation, ""},
    {"reverse_sequence", "x|input seq_lengths seq_axis batch_axis", reverse_sequence, ""},
    {"unique", "x sorted return_index return_inverse return_counts axis size fill_value out_idx",
     [](OperatorCall& c, std::string_view op) { return c.keras3 ? keras_unique(c, op) : unique(c, op); }, ""},
};

}  // namespace

std::span<const Operator> scatter_operators() {
  return kOperators;
}

}  // namespace cornu::layers
