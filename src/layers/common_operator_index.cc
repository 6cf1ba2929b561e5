// Indexing functions of keras.ops and TensorFlow. See operators.h.
// Source: keras/src/ops/numpy.py and core.py, 3.15; tf.__operators__.getitem, tf.gather and tf.slice of
// TensorFlow 2.21
#include <algorithm>

#include "layers/operators.h"

namespace cornu::layers {
namespace {

using Values = std::vector<Value>;

// x[key] as a strided slice, and at most one index tensor that is gathered afterwards.
struct Slicing {
  Ints begin, end, strides, begin_absent, end_absent, new_axis, drop_axis;
  Value index;
  int64_t index_axis = 0;  // of the sliced tensor

  void add(int64_t from, int64_t to, int64_t stride, bool no_begin, bool no_end, bool is_new, bool drops) {
    begin.push_back(from);
    end.push_back(to);
    strides.push_back(stride);
    begin_absent.push_back(no_begin);
    end_absent.push_back(no_end);
    new_axis.push_back(is_new);
    drop_axis.push_back(drops);
  }
  void add_whole() { add(0, 0, 1, true, true, false, false); }
};

bool is_class(const Argument& item, std::string_view name) {
  const Json class_name = item.literal["class_name"];
  return item.kind == Argument::Kind::literal && class_name.is_string() && class_name.string() == name;
}

bool is_ellipsis(const Argument& item) {
  return is_class(item, "__ellipsis__") || is_class(item, "Ellipsis");
}

bool is_new_axis(const Argument& item) {
  return item.kind == Argument::Kind::literal && (!item.literal.exists() || item.literal.is_null());
}

Argument literal(const Json& json) {
  return {Argument::Kind::literal, {}, {}, json, {}, {}};
}

// start, stop or step of a slice; nothing for None.
std::optional<int64_t> bound(OperatorCall& c, const Argument& item) {
  if (is_new_axis(item)) return std::nullopt;
  if (item.kind == Argument::Kind::literal && item.literal.is_integer()) return item.literal.integer();
  if (item.kind == Argument::Kind::tensor) {
    const auto traced = trace_sizes(c.g, item.value);
    if (traced && traced->size() == 1 && !traced->front().source.valid()) return traced->front().size;
  }
  c.fail_argument("key", "slices whose bounds are known when the model is loaded");
}

void add_slice(OperatorCall& c, Slicing& slicing, const Argument& start, const Argument& stop,
               const Argument& step) {
  const auto from = bound(c, start);
  const auto to = bound(c, stop);
  const int64_t stride = bound(c, step).value_or(1);
  if (stride == 0) c.fail_argument("key", "slices with a step that is not 0");
  slicing.add(from.value_or(0), to.value_or(0), stride, !from, !to, false, false);
}

// Negative indices count from the end of an axis of known size.
Value wrapped(GraphBuilder& g, Value index, int64_t size) {
  if (size == Shape::kUnknown) return index;
  const Value negative = g.op("less", {index, g.scalar_like(0, index)});
  return g.op("select",
              {negative, g.op("add", {index, g.scalar_like(static_cast<double>(size), index)}), index});
}

Value integer_index(OperatorCall& c, Value index) {
  const DType type = c.g.dtype(index);
  if (type == DType::boolean)
    c.call.fail(ErrorCode::unsupported, "{} by a mask gives a tensor whose size depends on the data", c.name);
  return type == DType::int64 ? index : c.g.cast(index, DType::int32);
}

void add_item(OperatorCall& c, Slicing& slicing, const Argument& item, int rank, int consumed_after) {
  const Json& config = item.literal["config"];
  if (is_ellipsis(item)) {
    const auto taken = static_cast<int>(std::count(slicing.new_axis.begin(), slicing.new_axis.end(), 0));
    for (int i = taken; i < rank - consumed_after; ++i) slicing.add_whole();
  } else if (is_new_axis(item)) {
    slicing.add(0, 0, 1, true, true, true, false);
  } else if (is_class(item, "__slice__")) {
    add_slice(c, slicing, literal(config["start"]), literal(config["stop"]), literal(config["step"]));
  } else if (item.kind == Argument::Kind::dict) {
    Argument parts[3];
    constexpr std::string_view kNames[] = {"start", "stop", "step"};
    for (size_t i = 0; i < item.keys.size(); ++i) {
      const auto name = std::find(std::begin(kNames), std::end(kNames), item.keys[i]);
      if (name == std::end(kNames)) c.fail_argument("key", "slices with start, stop and step");
      parts[name - std::begin(kNames)] = item.items[i];
    }
    add_slice(c, slicing, parts[0], parts[1], parts[2]);
  } else if (item.kind == Argument::Kind::literal && item.literal.is_integer()) {
    const int64_t index = item.literal.integer();
    slicing.add(index, index + 1, 1, false, index == -1, false, true);
  } else {
    if (slicing.index.valid())
      c.call.fail(ErrorCode::unsupported, "{} by more than one index tensor", c.name);
    CallArguments one;
    one.positional.push_back(item);
    slicing.index = integer_index(c, OperatorCall(c.call, c.name, "index", one).tensor("index"));
    slicing.index_axis = static_cast<int64_t>(slicing.begin.size()) -
                         std::count(slicing.drop_axis.begin(), slicing.drop_axis.end(), 1);
    slicing.add_whole();
  }
}

Values get_item(OperatorCall& c, std::string_view) {
  const Value x = c.tensor("x");
  const int rank = c.g.rank(x);
  const Argument none;  // x[None]
  const Argument& key = c.has("key") ? *c.find("key") : none;
  const std::vector<Argument> items =
      key.kind == Argument::Kind::list ? key.items : std::vector<Argument>{key};
  if (items.size() == 1 && items[0].kind == Argument::Kind::tensor &&
      c.g.dtype(items[0].value) == DType::boolean) {
    CallArguments masked;
    masked.positional = {c.required("x"), items[0]};
    return lower_operator(c.call, "boolean_mask", masked);
  }
  Slicing slicing;
  for (size_t i = 0; i < items.size(); ++i) {
    const auto consumed_after =
        std::count_if(items.begin() + static_cast<long>(i) + 1, items.end(),
                      [](const Argument& item) { return !is_new_axis(item) && !is_ellipsis(item); });
    add_item(c, slicing, items[i], rank, static_cast<int>(consumed_after));
  }
  const auto taken = std::count(slicing.new_axis.begin(), slicing.new_axis.end(), 0);
  if (taken > rank)
    c.call.fail(ErrorCode::bad_config, "{} takes {} axes of a tensor of shape {}", c.name, taken,
                c.g.shape(x).to_string());
  for (auto axis = taken; axis < rank; ++axis) slicing.add_whole();
  const bool drops = std::count(slicing.drop_axis.begin(), slicing.drop_axis.end(), 1) > 0;
  if (slicing.index.valid() && drops && c.g.rank(slicing.index) > 0) {
    c.call.fail(ErrorCode::unsupported, "{} by an index tensor and integers together", c.name);
  }
  const Value sliced = c.g.op("strided_slice", {x},
                              {{"begin", slicing.begin},
                               {"end", slicing.end},
                               {"strides", slicing.strides},
                               {"begin_absent", slicing.begin_absent},
                               {"end_absent", slicing.end_absent},
                               {"new_axis", slicing.new_axis},
                               {"drop_axis", slicing.drop_axis}});
  if (!slicing.index.valid()) return {sliced};
  const Value index = wrapped(c.g, slicing.index, c.g.shape(sliced)[static_cast<int>(slicing.index_axis)]);
  return {c.g.op("gather", {sliced, index}, {{"axis", slicing.index_axis}})};
}

// numpy.take: without an axis of the flattened tensor; indices may be negative.
Values take(OperatorCall& c, std::string_view) {
  GraphBuilder& g = c.g;
  Value x = c.tensor("x");
  if (!c.has("axis")) x = g.reshape(x, {-1});
  const int64_t axis = c.has("axis") ? c.axis("axis", 0, g.rank(x)) : 0;
  const Value index = wrapped(g, integer_index(c, c.tensor("indices")), g.shape(x)[static_cast<int>(axis)]);
  return {g.op("gather", {x, index}, {{"axis", axis}})};
}

Values gather(OperatorCall& c, std::string_view) {
  const Value x = c.tensor("x");
  const Value index = integer_index(c, c.tensor("indices"));
  int64_t batch = c.integer("batch_dims", 0);
  if (batch < 0) batch += c.g.rank(index);
  if (batch < 0 || batch > c.g.rank(index)) c.fail_argument("batch_dims", "at most the axes of the indices");
  return {
      c.g.op("gather", {x, index}, {{"axis", c.axis("axis", batch, c.g.rank(x))}, {"batch_dims", batch}})};
}

// Elements of x at indices of equal shape along one axis.
Value along(GraphBuilder& g, Value x, Value index, int64_t axis) {
  const int rank = g.rank(x);
  Ints order;
  for (int i = 0; i < rank; ++i) order.push_back(i);
  std::swap(order[static_cast<size_t>(axis)], order.back());  // its own inverse
  const Attrs attrs{{"axis", int64_t{rank - 1}}, {"batch_dims", int64_t{rank - 1}}};
  return g.transpose(g.op("gather", {g.transpose(x, order), g.transpose(index, order)}, attrs), order);
}

Values take_along_axis(OperatorCall& c, std::string_view) {
  GraphBuilder& g = c.g;
  Value x = c.tensor("x");
  const Value index = integer_index(c, c.tensor("indices"));
  if (!c.has("axis")) x = g.reshape(x, {-1});
  const int rank = g.rank(x);
  if (g.rank(index) != rank) c.fail_argument("indices", "a tensor with the axes of x");
  const int64_t axis = c.has("axis") ? c.axis("axis", 0, rank) : 0;
  return {along(g, x, wrapped(g, index, g.shape(x)[static_cast<int>(axis)]), axis)};
}

// The order of the elements along an axis, or the elements in order; without an axis of the flattened tensor.
Values sorted(OperatorCall& c, std::string_view op) {
  GraphBuilder& g = c.g;
  Value x = c.tensor("x");
  const bool whole = c.keras3 && c.find("axis") == nullptr && op == "argsort";
  if (whole) x = g.reshape(x, {-1});
  const int64_t axis = c.axis("axis", -1, g.rank(x));
  const std::string direction = c.text("direction", "ASCENDING");
  const Value order = g.op(
      "argsort", {x}, {{"axis", axis}, {"descending", direction == "DESCENDING"}, {"dtype", DType::int32}});
  return {op == "argsort" ? order : along(g, x, order, axis)};
}

// The k largest of the last axis, in falling order, and their indices.
Values top_k(OperatorCall& c, std::string_view) {
  GraphBuilder& g = c.g;
  const Value x = c.tensor("x");
  const int64_t k = c.integer("k", 1);
  const int64_t axis = g.rank(x) - 1;
  if (axis < 0 || k < 0 || (g.shape(x).back() != Shape::kUnknown && k > g.shape(x).back()))
    c.fail_argument("k", "at most the size of the last axis");
  const Value order = g.op("argsort", {x}, {{"axis", axis}, {"descending", true}, {"dtype", DType::int32}});
  const Value index = g.op("slice_axis", {order}, {{"axis", axis}, {"begin", int64_t{0}}, {"size", k}});
  return {g.op("gather", {x, index}, {{"axis", axis}, {"batch_dims", axis}}), index};
}

// x[..., i, i + offset, ...] of two axes of known size, as the last axis.
Values diagonal(OperatorCall& c, std::string_view op) {
  GraphBuilder& g = c.g;
  const Value x = c.tensor("x");
  const int rank = g.rank(x);
  if (rank < 2) c.fail_argument("x", "a tensor of at least two axes");
  const bool last_two = op.starts_with("last");
  const int64_t a = last_two ? rank - 2 : c.axis("axis1", 0, rank);
  const int64_t b = last_two ? rank - 1 : c.axis("axis2", 1, rank);
  const int64_t rows = g.shape(x)[static_cast<int>(a)];
  const int64_t columns = g.shape(x)[static_cast<int>(b)];
  const int64_t offset = c.integer("offset", 0);
  if (a == b || rows < 0 || columns < 0 || offset < -rows || offset > columns)
    c.fail_argument("offset", "a diagonal of two axes of known size");
  Ints order;
  Ints dims;
  for (int axis = 0; axis < rank; ++axis) {
    if (axis == a || axis == b) continue;
    order.push_back(axis);
    dims.push_back(g.shape(x)[axis]);
  }
  if (std::count(dims.begin(), dims.end(), Shape::kUnknown) > 1)
    c.fail_argument("x", "a tensor with at most one unknown size");
  order.insert(order.end(), {a, b});
  dims.push_back(rows * columns);
  Ints places;
  for (int64_t row = std::max<int64_t>(0, -offset); row < rows && row + offset < columns; ++row)
    places.push_back(row * columns + row + offset);
  const auto count = static_cast<int64_t>(places.size());
  const Value flat = g.reshape(g.transpose(x, order), dims);
  const Value y =
      g.op("gather", {flat, g.constant(tensor_of_ints(places, {count}))}, {{"axis", int64_t{rank - 2}}});
  if (!op.ends_with("trace")) return {y};
  return {g.op("reduce_sum", {y}, {{"axes", Ints{-1}}, {"keepdims", false}})};
}

// A part of given sizes from a start on; -1 goes to the end.
Values slice(OperatorCall& c, std::string_view) {
  const Value x = c.tensor("x");
  const int rank = c.g.rank(x);
  const Ints begin = c.ints("begin");
  const Ints sizes = c.ints("size");
  if (begin.size() != static_cast<size_t>(rank) || sizes.size() != begin.size())
    c.fail_argument("size", fmt::format("{} integers", rank));
  Value y = x;
  for (size_t i = 0; i < sizes.size(); ++i) {
    const auto axis = static_cast<int64_t>(i);
    if (begin[i] < 0 || sizes[i] < -1) c.fail_argument("begin", "integers of at least 0");
    if (begin[i] == 0 && (sizes[i] == -1 || sizes[i] == c.g.shape(x)[static_cast<int>(i)])) continue;
    y = c.g.op("slice_axis", {y}, {{"axis", axis}, {"begin", begin[i]}, {"size", sizes[i]}});
  }
  return {y};
}

Values one_hot(OperatorCall& c, std::string_view) {
  const Value x = integer_index(c, c.tensor("x"));
  return {c.g.op("one_hot", {x},
                 {{"depth", c.integer("depth")},
                  {"dtype", c.dtype("dtype", DType::float32)},
                  {"on", c.number("on", 1)},
                  {"off", c.number("off", 0)},
                  {"axis", c.axis("axis", -1, c.g.rank(x) + 1)}})};
}

// A one for each index of the last axis (or `axis`): the largest over their one-hot codes.
Values multi_hot(OperatorCall& c, std::string_view) {
  const Value x = integer_index(c, c.tensor("x"));
  const int rank = c.g.rank(x);
  const DType type = c.dtype("dtype", DType::float32);
  const Value codes =
      c.g.op("one_hot", {x}, {{"depth", c.integer("depth")}, {"dtype", type}, {"axis", int64_t{-1}}});
  return {rank == 1 ? c.g.op("reduce_max", {codes}, {{"axes", Ints{0}}})
                    : c.g.op("reduce_max", {codes}, {{"axes", Ints{1}}})};
}

// The lower or upper triangle of the last two axes.
Values triangle(OperatorCall& c, std::string_view op) {
  const Value x = c.tensor("x");
  const int rank = c.g.rank(x);
  const int64_t rows = rank < 2 ? 0 : c.g.shape(x)[rank - 2];
  const int64_t columns = rank < 2 ? 0 : c.g.shape(x)[rank - 1];
  if (rank < 2 || rows < 0 || columns < 0 || rows > 65536 || columns > 65536)
    c.fail_argument("x", "a tensor whose last two sizes are known");
  const int64_t k = c.integer("k", 0);
  Ints kept(static_cast<size_t>(rows * columns));
  for (int64_t row = 0; row < rows; ++row) {
    for (int64_t column = 0; column < columns; ++column) {
      kept[static_cast<size_t>(row * columns + column)] =
          op == "lower" ? column - row <= k : column - row >= k;
    }
  }
  const Value mask =
      c.g.cast(c.g.constant(tensor_of_ints(kept, {rows, columns}, DType::uint8)), DType::boolean);
  return {c.g.op("select", {mask, x, c.g.scalar_like(0, x)})};
}

constexpr Operator kOperators[] = {
    {"get_item getitem", "x|tensor key|slice_spec var", get_item, ""},
    {"take", "x indices axis", take, ""},
    {"gather gather_v2", "x|params|reference indices validate_indices name axis batch_dims", gather, ""},
    {"take_along_axis", "x indices axis", take_along_axis, ""},
    {"slice", "x|input_|inputs begin|start_indices size|shape", slice, ""},
    {"one_hot", "x|indices depth|num_classes on|on_value off|off_value axis dtype sparse", one_hot, ""},
    {"multi_hot", "x|inputs depth|num_classes axis dtype sparse", multi_hot, ""},
    {"argsort", "x|values axis direction stable", sorted, "argsort"},
    {"sort", "x|values axis direction stable", sorted, "sort"},
    {"top_k", "x|input k sorted index_type", top_k, ""},
    {"diagonal", "x offset axis1 axis2", diagonal, ""},
    {"trace", "x offset axis1 axis2", diagonal, "trace"},
    {"linalg_trace", "x", diagonal, "last trace"},
    {"diag_part matrix_diag_part tensor_diag_part", "x|input", diagonal, "last"},
    {"tril", "x k", triangle, "lower"},
    {"triu", "x k", triangle, "upper"},
};

}  // namespace

std::span<const Operator> index_operators() {
  return kOperators;
}

}  // namespace cornu::layers
