// Functions of keras.ops and TensorFlow that move elements or make tensors of a given shape. See operators.h.
// Source: keras/src/ops/numpy.py, 3.15; the array functions of TensorFlow 2.21
#include <algorithm>
#include <numeric>

#include "layers/operators.h"
#include "layers/tensorflow_node.h"

namespace cornu::layers {
namespace {

using Values = std::vector<Value>;

Value expand(GraphBuilder& g, Value x, int64_t axis) {
  return g.op("expand_dims", {x}, {{"axes", Ints{axis}}});
}

Value slice(GraphBuilder& g, Value x, int64_t axis, int64_t begin, int64_t size) {
  return g.op("slice_axis", {x}, {{"axis", axis}, {"begin", begin}, {"size", size}});
}

Value concat(GraphBuilder& g, const Values& parts, int64_t axis) {
  return parts.size() == 1 ? parts[0] : g.op("concat", parts, {{"axis", axis}});
}

// x under the sizes of an argument: an unknown size that is the same axis of x is copied, one other is
// inferred, and what is left is computed while running.
// Whether the sizes are known, or those of tensors.
bool is_traced(OperatorCall& c, std::string_view parameter) {
  const auto traced = [&](const Argument& item) {
    return item.kind != Argument::Kind::tensor || trace_sizes(c.g, item.value).has_value();
  };
  const Argument& argument = c.required(parameter);
  return traced(argument) && std::all_of(argument.items.begin(), argument.items.end(), traced);
}

// Sizes that are computed, and how many they are.
std::pair<Value, int> computed_sizes(OperatorCall& c, std::string_view parameter) {
  const Value sizes = c.size_tensor(parameter);
  const int64_t count = c.g.rank(sizes) == 1 ? c.g.shape(sizes)[0] : Shape::kUnknown;
  if (count < 0 || count > Shape::kMaxRank) c.fail_argument(parameter, "a known number of sizes");
  return {sizes, static_cast<int>(count)};
}

Shape unknown_sizes(int rank) {
  Shape shape;
  for (int axis = 0; axis < rank; ++axis) shape.push_back(Shape::kUnknown);
  return shape;
}

Values reshape(OperatorCall& c, std::string_view) {
  GraphBuilder& g = c.g;
  const Value x = c.tensor("x");
  if (!is_traced(c, "shape")) {
    const auto [sizes, rank] = computed_sizes(c, "shape");
    return {tensorflow_value(g, "Reshape", {x, sizes}, {g.dtype(x), unknown_sizes(rank)})};
  }
  Ints dims;
  int inferred = 0;
  bool copies = false;
  for (const OperatorCall::Size& size : c.sizes("shape")) {
    const auto position = static_cast<int>(dims.size());
    const bool same_axis = size.source.valid() && size.axis == position && position < g.rank(x) &&
                           (size.source == x || g.shape(size.source)[size.axis] == g.shape(x)[position]);
    if (same_axis && size.source == x) {
      dims.push_back(0);
      copies = true;
    } else {
      dims.push_back(size.size);
      inferred += size.size == -1 ? 1 : 0;
    }
    if (size.size < -1) c.fail_argument("shape", "sizes of at least 0, or -1 once");
  }
  const bool empty = !copies && std::find(dims.begin(), dims.end(), 0) != dims.end();
  if (inferred > 1) return {g.op("reshape", {x, c.size_tensor("shape")})};
  return {g.op("reshape", {x}, {{"shape", dims}, {"allow_zero", empty}})};
}

Values expand_dims(OperatorCall& c, std::string_view) {
  const Value x = c.tensor("x");
  const Ints given = c.ints("axis", Ints{-1});
  const int rank = c.g.rank(x) + static_cast<int>(given.size());
  for (int64_t axis : given) {
    if (axis < -rank || axis >= rank)
      c.fail_argument("axis", fmt::format("axes from {} to {}", -rank, rank - 1));
  }
  return {c.g.op("expand_dims", {x}, {{"axes", given}})};
}

Values squeeze(OperatorCall& c, std::string_view) {
  const Value x = c.tensor("x");
  Ints axes;
  if (c.has("axis")) {
    axes = c.axes("axis", c.g.rank(x));
  } else {
    for (int axis = 0; axis < c.g.rank(x); ++axis) {
      if (c.g.shape(x)[axis] == 1) axes.push_back(axis);
    }
  }
  return {axes.empty() ? x : c.g.op("squeeze", {x}, {{"axes", axes}})};
}

Values transpose(OperatorCall& c, std::string_view) {
  const Value x = c.tensor("x");
  const int rank = c.g.rank(x);
  Ints order = c.axes("axes", rank);
  if (!c.has("axes")) std::reverse(order.begin(), order.end());
  Ints sorted = order;
  std::sort(sorted.begin(), sorted.end());
  for (size_t i = 0; i < sorted.size(); ++i) {
    if (sorted.size() != static_cast<size_t>(rank) || sorted[i] != static_cast<int64_t>(i))
      c.fail_argument("axes", "each axis once");
  }
  return {c.g.transpose(x, order)};
}

Values swapaxes(OperatorCall& c, std::string_view op) {
  const Value x = c.tensor("x");
  const int rank = c.g.rank(x);
  if (rank < 2 && op == "last") c.fail_argument("x", "a tensor of at least two axes");
  Ints order(static_cast<size_t>(rank));
  std::iota(order.begin(), order.end(), 0);
  const int64_t a = op == "last" ? rank - 1 : c.axis("axis1", 0, rank);
  const int64_t b = op == "last" ? rank - 2 : c.axis("axis2", 0, rank);
  std::swap(order[static_cast<size_t>(a)], order[static_cast<size_t>(b)]);
  return {c.g.transpose(x, order)};
}

Values moveaxis(OperatorCall& c, std::string_view) {
  const Value x = c.tensor("x");
  const int rank = c.g.rank(x);
  const Ints from = c.axes("source", rank);
  const Ints to = c.axes("destination", rank);
  Ints order(static_cast<size_t>(rank), -1);
  if (from.size() != to.size()) c.fail_argument("destination", "as many axes as the source");
  for (size_t i = 0; i < from.size(); ++i) order[static_cast<size_t>(to[i])] = from[i];
  int64_t next = 0;
  for (int64_t& axis : order) {
    if (axis >= 0) continue;
    while (std::find(from.begin(), from.end(), next) != from.end()) ++next;
    axis = next++;
  }
  return {c.g.transpose(x, order)};
}

Values flip(OperatorCall& c, std::string_view op) {
  const Value x = c.tensor("x");
  if (op == "rows") return {c.g.op("reverse", {x}, {{"axes", Ints{0}}})};
  if (op == "columns") return {c.g.op("reverse", {x}, {{"axes", Ints{1}}})};
  return {c.g.op("reverse", {x}, {{"axes", c.axes("axis", c.g.rank(x))}})};
}

// The last elements come first. Without an axis the tensor is flattened meanwhile.
Values roll(OperatorCall& c, std::string_view) {
  GraphBuilder& g = c.g;
  const Value x = c.tensor("x");
  const Shape shape = g.shape(x);
  const bool whole = !c.has("axis");
  const Ints shifts = c.ints("shift");
  const Ints axes = whole ? Ints{0} : c.axes("axis", shape.rank());
  if (shifts.size() != axes.size()) c.fail_argument("shift", "one count for each axis");
  if (whole && !shape.is_known()) c.fail_argument("axis", "given when a size is unknown");
  Value y = whole ? g.reshape(x, {-1}) : x;
  for (size_t i = 0; i < axes.size(); ++i) {
    const int64_t size = g.shape(y)[static_cast<int>(axes[i])];
    if (size == Shape::kUnknown) c.fail_argument("axis", "an axis of known size");
    const int64_t shift = size == 0 ? 0 : ((shifts[i] % size) + size) % size;
    if (shift == 0) continue;
    y = concat(g, {slice(g, y, axes[i], size - shift, shift), slice(g, y, axes[i], 0, size - shift)},
               axes[i]);
  }
  return {whole ? g.reshape(y, Ints(shape.begin(), shape.end())) : y};
}

Values concatenate(OperatorCall& c, std::string_view) {
  const Values parts = c.tensors("xs");
  return {concat(c.g, parts, c.axis("axis", 0, c.g.rank(parts[0])))};
}

// Along the first, second or third axis (`op`), which the parts get if they lack it.
Values stack_along(OperatorCall& c, std::string_view op) {
  Values parts = c.tensors("xs");
  const int rank = c.g.rank(parts[0]);
  if (op == "1") return {concat(c.g, parts, rank <= 1 ? 0 : 1)};
  for (Value& part : parts) {
    part = with_rank(c.g, part, 2, 0);
    if (op == "2") part = with_rank(c.g, part, 3, c.g.rank(part));
  }
  return {concat(c.g, parts, op == "2" ? 2 : 0)};
}

Values append(OperatorCall& c, std::string_view) {
  auto [a, b] = c.operands("x", "y");
  const bool whole = !c.has("axis");
  if (whole) a = c.g.reshape(a, {-1});
  if (whole) b = c.g.reshape(b, {-1});
  return {concat(c.g, {a, b}, whole ? 0 : c.axis("axis", 0, c.g.rank(a)))};
}

Values stack(OperatorCall& c, std::string_view) {
  Values parts = c.tensors("xs");
  const int64_t axis = c.axis("axis", 0, c.g.rank(parts[0]) + 1);
  for (Value& part : parts) part = expand(c.g, part, axis);
  return {concat(c.g, parts, axis)};
}

Values unstack(OperatorCall& c, std::string_view) {
  const Value x = c.tensor("x");
  const int64_t axis = c.axis("axis", 0, c.g.rank(x));
  const int64_t size = c.integer("num", c.g.shape(x)[static_cast<int>(axis)]);
  if (size < 0 || size > 65536) c.fail_argument("num", "the known size of the axis");
  Values out;
  for (int64_t i = 0; i < size; ++i)
    out.push_back(c.g.op("squeeze", {slice(c.g, x, axis, i, 1)}, {{"axes", Ints{axis}}}));
  return out;
}

// The size of the one part given as -1; -1 itself (to the end) when the axis is unknown and the part is the
// last.
int64_t missing_part(OperatorCall& c, std::string_view parameter, const Ints& parts, int64_t size) {
  int64_t rest = size;
  for (int64_t part : parts) rest -= std::max<int64_t>(part, 0);
  const bool last_only =
      std::count_if(parts.begin(), parts.end(), [](int64_t part) { return part < 0; }) == 1 &&
      parts.back() < 0;
  if (size == Shape::kUnknown && last_only) return -1;
  if (size == Shape::kUnknown || rest < 0)
    c.fail_argument(parameter, "sizes that add up to the known size of the axis");
  return rest;
}

// Into equal parts (a count), between borders (Keras, a list of `indices`), or of given sizes (TensorFlow,
// `sizes`).
Values split(OperatorCall& c, std::string_view fixed_axis) {
  GraphBuilder& g = c.g;
  const Value x = c.tensor("x");
  const int64_t axis = fixed_axis.empty() ? c.axis("axis", 0, g.rank(x))
                                          : std::min<int64_t>(fixed_axis[0] - '0', g.rank(x) - 1);
  const int64_t size = g.shape(x)[static_cast<int>(axis)];
  const bool borders = c.has("indices");
  const std::string_view parameter = borders ? "indices" : "sizes";
  const Ints given = c.ints(parameter);
  const Argument* argument = c.find(parameter);
  Ints parts;
  if (argument->kind == Argument::Kind::literal && argument->literal.is_integer()) {
    if (given[0] < 1 || given[0] > 65536 || size == Shape::kUnknown || size % given[0] != 0) {
      c.fail_argument(parameter, "a count that divides the known size of the axis");
    }
    parts.assign(static_cast<size_t>(given[0]), size / given[0]);
  } else if (borders) {
    int64_t begin = 0;
    for (int64_t border : given) {
      if (border < begin || (size != Shape::kUnknown && border > size))
        c.fail_argument(parameter, "borders in rising order within the axis");
      parts.push_back(border - begin);
      begin = border;
    }
    parts.push_back(-1);
  } else {
    parts = given;
  }
  Values out;
  int64_t begin = 0;
  for (size_t i = 0; i < parts.size(); ++i) {
    if (parts[i] < 0) parts[i] = missing_part(c, parameter, parts, size);
    out.push_back(slice(g, x, axis, begin, parts[i]));
    begin += std::max<int64_t>(parts[i], 0);
  }
  return out;
}

Values tile(OperatorCall& c, std::string_view) {
  GraphBuilder& g = c.g;
  if (!is_traced(c, "repeats")) {
    const auto [counts, rank] = computed_sizes(c, "repeats");
    const Value x = with_rank(g, c.tensor("x"), rank, 0);
    return {tensorflow_value(g, "Tile", {x, counts}, {g.dtype(x), unknown_sizes(rank)})};
  }
  Ints counts = c.ints("repeats");
  const Value x = with_rank(g, c.tensor("x"), static_cast<int>(counts.size()), 0);
  while (static_cast<int>(counts.size()) < g.rank(x)) counts.insert(counts.begin(), 1);
  return {g.op("tile", {x}, {{"multiples", counts}})};
}

Values repeat(OperatorCall& c, std::string_view) {
  GraphBuilder& g = c.g;
  Value x = c.tensor("x");
  if (!c.has("axis")) x = g.reshape(x, {-1});
  const int64_t axis = c.has("axis") ? c.axis("axis", 0, g.rank(x)) : 0;
  const Ints counts = c.ints("repeats");
  if (counts.size() == 1) return {g.op("repeat", {x}, {{"axis", axis}, {"repeats", counts[0]}})};
  const int64_t size = g.shape(x)[static_cast<int>(axis)];
  int64_t total = 0;
  Ints rows;
  for (size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] < 0 || counts[i] > (int64_t{1} << 20) - total)
      c.fail_argument("repeats", "counts of at least 0 that add up to at most 2^20");
    total += counts[i];
    rows.insert(rows.end(), static_cast<size_t>(counts[i]), static_cast<int64_t>(i));
  }
  if (size != static_cast<int64_t>(counts.size()))
    c.fail_argument("repeats", "one count, or one for each element of the axis");
  return {g.op("gather", {x, g.constant(tensor_of_ints(rows, {total}))}, {{"axis", axis}})};
}

Values ravel(OperatorCall& c, std::string_view) {
  return {c.g.reshape(c.tensor("x"), {-1})};
}

Values pad(OperatorCall& c, std::string_view) {
  const Value x = c.tensor("x");
  const int rank = c.g.rank(x);
  const Value widths = c.tensor("width");
  const Tensor* known = c.g.graph().constant(widths);
  if (known == nullptr || !dtype_is_integer(known->dtype))
    c.fail_argument("width", "integers that are known when the model is loaded");
  const Ints given = to_ints(*known);
  const auto count = 2 * static_cast<size_t>(rank);
  Ints padding = given;  // two widths for each axis, or one or two for all axes
  if (given.size() == 1 || (given.size() == 2 && rank != 1)) {
    padding.clear();
    while (padding.size() < count) padding.insert(padding.end(), {given.front(), given.back()});
  }
  if (padding.size() != count) c.fail_argument("width", fmt::format("two widths for each of {} axes", rank));
  std::string mode = c.text("mode", "constant");
  std::transform(mode.begin(), mode.end(), mode.begin(), [](char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + 32) : letter;
  });
  if (mode != "constant" && mode != "reflect" && mode != "symmetric")
    c.fail_argument("mode", "constant, reflect or symmetric");
  return {c.g.op("pad", {x}, {{"padding", padding}, {"mode", mode}, {"value", c.number("value", 0)}})};
}

Values broadcast_to(OperatorCall& c, std::string_view) {
  Ints dims;
  const Value x = c.tensor("x");
  if (!is_traced(c, "shape")) {
    const auto [computed, rank] = computed_sizes(c, "shape");
    return {tensorflow_value(c.g, "BroadcastTo", {x, computed}, {c.g.dtype(x), unknown_sizes(rank)})};
  }
  const auto sizes = c.sizes("shape");
  const int shift = static_cast<int>(sizes.size()) - c.g.rank(x);
  for (size_t i = 0; i < sizes.size(); ++i) {
    const int axis = static_cast<int>(i) - shift;
    const bool same = sizes[i].source.valid() && axis >= 0 && sizes[i].source == x && sizes[i].axis == axis;
    if (sizes[i].source.valid() && !same) {
      const auto [computed, rank] = computed_sizes(c, "shape");
      return {tensorflow_value(c.g, "BroadcastTo", {x, computed}, {c.g.dtype(x), unknown_sizes(rank)})};
    }
    dims.push_back(sizes[i].size);
  }
  return {c.g.op("broadcast_to", {x}, {{"shape", dims}})};
}

// Everything behind the first axis in a row.
Values batch_flatten(OperatorCall& c, std::string_view) {
  return {c.g.reshape(c.tensor("x"), {0, -1})};
}

constexpr Operator kOperators[] = {
    {"batch_flatten", "x", batch_flatten, ""},
    {"reshape", "x|tensor shape|newshape", reshape, ""},
    {"expand_dims", "x|input axis|dim", expand_dims, ""},
    {"squeeze", "x|input axis|squeeze_dims", squeeze, ""},
    {"transpose permute_dimensions", "x|a axes|perm|pattern conjugate", transpose, ""},
    {"swapaxes", "x axis1 axis2", swapaxes, ""},
    {"matrix_transpose adjoint", "x|a conjugate", swapaxes, "last"},
    {"moveaxis", "x|a source destination", moveaxis, ""},
    {"flip reverse", "x|tensor axis|axes", flip, ""},
    {"fliplr flip_left_right", "x", flip, "columns"},
    {"flipud", "x", flip, "rows"},
    {"roll", "x|input shift axis", roll, ""},
    {"concatenate concat", "xs|values|tensors axis", concatenate, ""},
    {"vstack", "xs", stack_along, "0"},
    {"hstack", "xs", stack_along, "1"},
    {"dstack", "xs", stack_along, "2"},
    {"append", "x|x1 y|x2 axis", append, ""},
    {"stack pack", "xs|x|values axis", stack, ""},
    {"unstack unpack", "x|value num axis", unstack, ""},
    {"split", "x|value indices|indices_or_sections sizes|num_or_size_splits axis num", split, ""},
    {"hsplit", "x indices|indices_or_sections", split, "1"},
    {"vsplit", "x indices|indices_or_sections", split, "0"},
    {"dsplit", "x indices|indices_or_sections", split, "2"},
    {"tile", "x|input repeats|multiples|n", tile, ""},
    {"repeat repeat_elements", "x|input repeats|rep axis", repeat, ""},
    {"ravel flatten", "x", ravel, ""},
    {"pad", "x|tensor width|pad_width|paddings mode value|constant_values", pad, ""},
    {"broadcast_to", "x|input shape", broadcast_to, ""},
};

}  // namespace

std::span<const Operator> shape_operators() {
  return kOperators;
}

}  // namespace cornu::layers
