// Images seen from elsewhere, and elements between the elements of a tensor, in keras.ops. See operators.h.
// Source: keras/src/ops/image.py and keras/src/backend/tensorflow/image.py, 3.15
#include <algorithm>
#include <cmath>
#include <numbers>

#include "layers/common_layout.h"
#include "layers/operators.h"
#include "layers/tensorflow_node.h"

namespace cornu::layers {
namespace {

using Values = std::vector<Value>;

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? c - 32 : c; });
  return text;
}

// The images under projections (n or 1, 8).
Value projected(OperatorCall& c, Value transforms, const std::string& fill_mode) {
  GraphBuilder& g = c.g;
  Value x = c.tensor("images");
  const bool single = g.rank(x) == 3;
  const bool first = c.text("data_format", "channels_last") == "channels_first";
  x = with_rank(g, x, 4, 0);
  if (g.rank(x) != 4) c.fail_argument("images", "an image or a batch of images");
  if (first) x = channels_to_end(g, x);
  const Shape shape = g.shape(x);
  if (shape[1] < 0 || shape[2] < 0) c.fail_argument("images", "images of known height and width");
  const std::string interpolation = upper(c.text("interpolation", "bilinear"));
  if (interpolation != "BILINEAR" && interpolation != "NEAREST")
    c.fail_argument("interpolation", "bilinear or nearest");
  const Value size = g.constant(tensor_of_ints(Ints{shape[1], shape[2]}, {2}, DType::int32));
  const Value fill = g.scalar(c.number("fill_value", 0));
  Value y =
      tensorflow_value(g, "ImageProjectiveTransformV3", {x, transforms, size, fill}, {g.dtype(x), shape},
                       NodeAttributes().text("interpolation", interpolation).text("fill_mode", fill_mode));
  if (first) y = channels_to_front(g, y);
  return single ? g.op("squeeze", {y}, {{"axes", Ints{0}}}) : y;
}

Values affine_transform(OperatorCall& c, std::string_view) {
  const Value transform = c.g.cast(c.tensor("transform"), DType::float32);
  const std::string mode = upper(c.text("fill_mode", "constant"));
  if (mode != "CONSTANT" && mode != "NEAREST" && mode != "WRAP" && mode != "REFLECT")
    c.fail_argument("fill_mode", "constant, nearest, wrap or reflect");
  return {projected(c, with_rank(c.g, transform, 2, 0), mode)};
}

// The corners of a quadrilateral as columns [n, 1]: x1, y1, x2, ...
Values corners(OperatorCall& c, std::string_view parameter) {
  GraphBuilder& g = c.g;
  const Value points = with_rank(g, g.cast(c.tensor(parameter), DType::float32), 3, 0);
  if (g.rank(points) != 3 || g.shape(points)[1] != 4 || g.shape(points)[2] != 2)
    c.fail_argument(parameter, "four corners (4, 2), or those of each image");
  const Value flat = g.reshape(points, {-1, 8});
  Values columns;
  for (int64_t i = 0; i < 8; ++i)
    columns.push_back(g.op("slice_axis", {flat}, {{"axis", int64_t{1}}, {"begin", i}, {"size", int64_t{1}}}));
  return columns;
}

// The projection that takes end points to start points solves eight linear equations.
Values perspective_transform(OperatorCall& c, std::string_view) {
  GraphBuilder& g = c.g;
  const Values start = corners(c, "start_points");
  const Values end = corners(c, "end_points");
  const Value one = filled_like(g, end[0], 1, DType::float32);
  const Value none = filled_like(g, end[0], 0, DType::float32);
  const auto product = [&](Value a, Value b) { return g.op("neg", {g.op("mul", {a, b})}); };
  Values cells;
  for (size_t i = 0; i < 8; ++i) {
    const size_t corner = i / 2 * 2;
    const Values point{end[corner], end[corner + 1], one};
    const Values zero{none, none, none};
    for (const Values& part : i % 2 == 0 ? std::array{point, zero} : std::array{zero, point})
      cells.insert(cells.end(), part.begin(), part.end());
    cells.push_back(product(start[i], end[corner]));
    cells.push_back(product(start[i], end[corner + 1]));
  }
  const Attrs columns{{"axis", int64_t{1}}};
  const Value matrix = g.reshape(g.op("concat", cells, columns), {-1, 8, 8});
  const Value target = g.reshape(g.op("concat", start, columns), {-1, 8, 1});
  const Value solved = tensorflow_value(g, "MatrixSolve", {matrix, target}, {DType::float32, g.shape(target)},
                                        NodeAttributes().flag("adjoint", false));
  return {projected(c, g.reshape(solved, {-1, 8}), "CONSTANT")};
}

// One neighbour of places along an axis.
struct Neighbour {
  Value index;
  Value inside;  // invalid: always
  Value weight;  // invalid: 1
};

Neighbour kept_inside(OperatorCall& c, const std::string& mode, Neighbour place, int64_t size) {
  GraphBuilder& g = c.g;
  const auto number = [&](int64_t value) { return g.scalar_like(static_cast<double>(value), place.index); };
  if (mode == "constant") {
    place.inside = g.op("logical_and", {g.op("greater_equal", {place.index, number(0)}),
                                        g.op("less", {place.index, number(size)})});
  } else if (mode == "wrap") {
    place.index = g.op("mod", {place.index, number(size)});
  } else if (mode != "nearest") {
    const Value turned = g.op("mod", {g.op("abs", {place.index}), number(2 * size)});
    const Value back = g.op("sub", {number(mode == "reflect" ? 2 * size - 1 : 2 * size), turned});
    place.index = g.op("select", {g.op("less", {turned, number(size)}), turned, back});
  }
  place.index = g.op("clip", {place.index}, {{"min", 0.0}, {"max", static_cast<double>(size - 1)}});
  return place;
}

std::vector<Neighbour> neighbours(OperatorCall& c, Value at, int64_t order, const std::string& mode,
                                  int64_t size) {
  GraphBuilder& g = c.g;
  if (order == 0) {
    const Value rounded = dtype_is_floating(g.dtype(at)) ? g.op("round", {at}) : at;
    return {kept_inside(c, mode, {g.cast(rounded, DType::int32), {}, {}}, size)};
  }
  const Value low = g.op("floor", {at});
  const Value share = g.op("sub", {at, low});
  const Value rest = g.op("sub", {g.scalar_like(1, at), share});
  const Value index = g.cast(low, DType::int32);
  const Value next = g.op("add", {index, g.scalar_like(1, index)});
  return {kept_inside(c, mode, {index, {}, rest}, size), kept_inside(c, mode, {next, {}, share}, size)};
}

// The elements at places between the elements: coordinates [rank, ...] of x.
Values map_coordinates(OperatorCall& c, std::string_view) {
  GraphBuilder& g = c.g;
  const Value x = c.tensor("inputs");
  const Value coordinates = c.tensor("coordinates");
  const Shape shape = g.shape(x);
  const int64_t order = c.integer("order");
  const std::string mode = c.text("fill_mode", "constant");
  if (!shape.is_known() || shape.elements() < 1 || shape.elements() > INT32_MAX)
    c.fail_argument("inputs", "a tensor whose sizes are known, batch included");
  if (shape.rank() > 6 || g.rank(coordinates) < 2 || g.shape(coordinates)[0] != shape.rank())
    c.fail_argument("coordinates", "a row for each of at most 6 axes of the inputs");
  if (order != 0 && order != 1) c.fail_argument("order", "0 or 1");
  if (mode != "constant" && mode != "nearest" && mode != "wrap" && mode != "mirror" && mode != "reflect")
    c.fail_argument("fill_mode", "constant, nearest, wrap, mirror or reflect");
  if (order == 1 && !dtype_is_floating(g.dtype(coordinates)))
    c.fail_argument("coordinates", "floating-point numbers");
  const DType type = g.dtype(coordinates);
  const Value flat = g.cast(g.reshape(x, {-1}), type);
  std::vector<Neighbour> points{
      {g.scalar_like(0, g.constant(tensor_of_ints(Ints{0}, {}, DType::int32))), {}, {}}};
  for (int axis = 0; axis < shape.rank(); ++axis) {
    const Value row = g.op("slice_axis", {coordinates},
                           {{"axis", int64_t{0}}, {"begin", int64_t{axis}}, {"size", int64_t{1}}});
    const Value at = g.op("squeeze", {row}, {{"axes", Ints{0}}});
    std::vector<Neighbour> next;
    for (const Neighbour& point : points) {
      for (const Neighbour& step : neighbours(c, at, order, mode, shape[axis])) {
        const Value scaled =
            g.op("mul", {point.index, g.scalar_like(static_cast<double>(shape[axis]), point.index)});
        const auto both = [&](std::string_view op, Value a, Value b) {
          return !a.valid() ? b : !b.valid() ? a : g.op(op, {a, b});
        };
        next.push_back({g.op("add", {scaled, step.index}), both("logical_and", point.inside, step.inside),
                        both("mul", point.weight, step.weight)});
      }
    }
    points = std::move(next);
  }
  Value sum;
  for (const Neighbour& point : points) {
    Value element = g.op("gather", {flat, point.index}, {{"axis", int64_t{0}}});
    if (point.inside.valid()) {
      const Value fill = g.cast(g.cast(g.scalar(c.number("fill_value", 0)), g.dtype(x)), type);
      element = g.op("select", {point.inside, element, fill});
    }
    if (point.weight.valid()) element = g.op("mul", {point.weight, element});
    sum = sum.valid() ? g.op("add", {sum, element}) : element;
  }
  if (!dtype_is_floating(g.dtype(x)) && dtype_is_floating(type)) sum = g.op("round", {sum});
  return {g.cast(sum, g.dtype(x))};
}

float filter_weight(const std::string& method, float x) {
  if (method == "linear") return std::max(0.0F, 1 - x);
  if (method == "cubic") {
    if (x >= 2) return 0;
    return x >= 1 ? ((-0.5F * x + 2.5F) * x - 4) * x + 2 : ((1.5F * x - 2.5F) * x) * x + 1;
  }
  const float radius = method == "lanczos3" ? 3 : 5;
  if (x > radius) return 0;
  if (x <= 1e-3F) return 1;
  const float turn = std::numbers::pi_v<float> * x;
  return radius * std::sin(turn) * std::sin(turn / radius) / (turn * turn);
}

// What each element of an axis of `in` adds to each of one of `out`, moved and scaled.
std::vector<float> axis_weights(const std::string& method, int64_t in, int64_t out, float scale, float shift,
                                bool antialias) {
  const float inverse = 1 / scale;
  const float width = antialias ? std::max(inverse, 1.0F) : 1.0F;
  std::vector<float> weights(static_cast<size_t>(in * out), 0);
  for (int64_t o = 0; o < out; ++o) {
    const float place = (static_cast<float>(o) + 0.5F) * inverse - shift * inverse - 0.5F;
    if (!(place >= -0.5F && place <= static_cast<float>(in) - 0.5F)) continue;
    float sum = 0;
    for (int64_t i = 0; i < in; ++i)
      sum += filter_weight(method, std::abs(place - static_cast<float>(i)) / width);
    if (std::abs(sum) <= 1000 * std::numeric_limits<float>::epsilon()) continue;
    for (int64_t i = 0; i < in; ++i)
      weights[static_cast<size_t>(i * out + o)] =
          filter_weight(method, std::abs(place - static_cast<float>(i)) / width) / sum;
  }
  return weights;
}

std::vector<double> known_numbers(OperatorCall& c, std::string_view parameter, size_t count) {
  const Tensor* tensor = c.g.graph().constant(c.tensor(parameter));
  if (tensor == nullptr || tensor->shape.elements() != static_cast<int64_t>(count))
    c.fail_argument(parameter, fmt::format("{} numbers that the config states", count));
  return to_doubles(*tensor);
}

Values scale_and_translate(OperatorCall& c, std::string_view) {
  GraphBuilder& g = c.g;
  const Value x = c.tensor("images");
  const Ints dims = c.ints("spatial_dims");
  const Ints target = c.ints("output_shape");
  const std::vector<double> scale = known_numbers(c, "scale", dims.size());
  const std::vector<double> shift = known_numbers(c, "translation", dims.size());
  std::string method = c.text("method", "");
  if (method == "bilinear" || method == "trilinear" || method == "triangle") method = "linear";
  if (method == "bicubic" || method == "tricubic") method = "cubic";
  if (method != "linear" && method != "cubic" && method != "lanczos3" && method != "lanczos5")
    c.fail_argument("method", "linear, cubic, lanczos3 or lanczos5");
  const bool whole = !dtype_is_floating(g.dtype(x));
  Value y = whole ? g.cast(x, DType::float32) : x;
  for (size_t i = 0; i < dims.size(); ++i) {
    const int64_t rank = g.rank(x);
    const int64_t axis = dims[i] < 0 ? dims[i] + rank : dims[i];
    if (axis < 0 || axis >= rank || target.size() != static_cast<size_t>(rank))
      c.fail_argument("output_shape", "a size for each axis");
    const int64_t in = g.shape(y)[static_cast<int>(axis)];
    const int64_t out = target[static_cast<size_t>(axis)];
    if (in < 1 || out < 1 || in > 16384 || out > 16384)
      c.fail_argument("images", "known sizes from 1 to 16384");
    const Tensor weights = tensor_of(axis_weights(method, in, out, static_cast<float>(scale[i]),
                                                  static_cast<float>(shift[i]), c.flag("antialias", true)),
                                     {in, out});
    Ints order;
    for (int64_t k = 0; k < rank; ++k) order.push_back(k);
    std::swap(order[static_cast<size_t>(axis)], order.back());
    y = g.op("matmul", {g.transpose(y, order), g.constant(cast_tensor(weights, g.dtype(y)))});
    y = g.transpose(y, order);
  }
  if (!whole) return {y};
  const auto bound = [&](std::string_view op) {
    Ints all;
    for (int64_t axis = 0; axis < g.rank(x); ++axis) all.push_back(axis);
    return g.cast(g.op(op, {x}, {{"axes", all}}), DType::float32);
  };
  y = g.op("minimum", {g.op("maximum", {g.op("round", {y}), bound("reduce_min")}), bound("reduce_max")});
  return {g.cast(y, g.dtype(x))};
}

constexpr Operator kOperators[] = {
    {"affine_transform", "images transform interpolation fill_mode fill_value data_format", affine_transform,
     ""},
    {"perspective_transform", "images start_points end_points interpolation fill_value data_format",
     perspective_transform, ""},
    {"map_coordinates", "inputs coordinates order fill_mode fill_value", map_coordinates, ""},
    {"scale_and_translate", "images output_shape scale translation spatial_dims method antialias",
     scale_and_translate, ""},
};

}  // namespace

std::span<const Operator> warp_operators() {
  return kOperators;
}

}  // namespace cornu::layers
