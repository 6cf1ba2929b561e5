// Adjustments of pictures, losses of logits and other functions of tf.image, tf.nn and tf.signal. See operators.h.
// Source: tf.image, tf.nn and tf.signal of TensorFlow 2.21
#include <algorithm>
#include <cmath>
#include <limits>

#include "layers/operators.h"
#include "layers/tensorflow_node.h"

namespace cornu::layers {
namespace {

using Values = std::vector<Value>;

Value floating(OperatorCall& c, std::string_view parameter) {
  const Value x = c.tensor(parameter);
  return c.g.cast(x, float_type(c.g.dtype(x)));
}

// One image, or several: the axes of height and width, then the channels.
Value images_of(OperatorCall& c) {
  const Value x = c.tensor("images");
  if (c.g.rank(x) < 3) c.fail_argument("images", "images with height, width and channels");
  return x;
}

// The largest number of an integer type counts as 1 when integers become floats; floats stay.
double unit_of(DType type) {
  switch (type) {
    case DType::uint8:
      return std::numeric_limits<uint8_t>::max();
    case DType::int8:
      return std::numeric_limits<int8_t>::max();
    case DType::uint16:
      return std::numeric_limits<uint16_t>::max();
    case DType::int16:
      return std::numeric_limits<int16_t>::max();
    case DType::int32:
      return std::numeric_limits<int32_t>::max();
    default:
      return 1;
  }
}

Value scaled(GraphBuilder& g, Value x, double factor) {
  return g.op("mul", {x, g.scalar_like(factor, x)});
}

// tf.image.convert_image_dtype between floats, or from integers to floats.
Value as_float(GraphBuilder& g, Value x, DType type) {
  const DType from = g.dtype(x);
  return dtype_is_floating(from) ? g.cast(x, type) : scaled(g, g.cast(x, type), 1 / unit_of(from));
}

// Back to the type of the images: integers are cut, after half a step more as TensorFlow does.
Value as_given(GraphBuilder& g, Value x, DType type) {
  if (dtype_is_floating(type)) return g.cast(x, type);
  const double unit = unit_of(type);
  const Value steps = scaled(g, x, unit + 0.5);
  return g.cast(g.op("clip", {steps}, {{"min", 0.0}, {"max", unit}}), type);
}

Values convert_dtype(OperatorCall& c, std::string_view) {
  const Value x = c.tensor("images");
  const DType to = c.dtype("dtype", DType::float32);
  if (dtype_is_floating(to)) return {as_float(c.g, x, to)};
  if (!dtype_is_floating(c.g.dtype(x)) && to != c.g.dtype(x))
    c.call.fail(ErrorCode::unsupported, "{} from integers to others", c.name);
  return {dtype_is_floating(c.g.dtype(x)) ? as_given(c.g, x, to) : x};
}

Values brightness(OperatorCall& c, std::string_view) {
  const Value x = c.tensor("images");
  const Value y = as_float(c.g, x, float_type(c.g.dtype(x)));
  return {as_given(c.g, c.g.op("add", {y, c.g.scalar_like(c.number("delta"), y)}), c.g.dtype(x))};
}

Values contrast(OperatorCall& c, std::string_view) {
  GraphBuilder& g = c.g;
  const Value x = images_of(c);
  const Value y = as_float(g, x, DType::float32);
  const int64_t rank = g.rank(x);
  const Value mean = g.op("reduce_mean", {y}, {{"axes", Ints{rank - 3, rank - 2}}, {"keepdims", true}});
  const Value factor = g.scalar_like(c.number("contrast_factor"), y);
  return {as_given(g, g.op("add", {g.op("mul", {g.op("sub", {y, mean}), factor}), mean}), g.dtype(x))};
}

Values gamma(OperatorCall& c, std::string_view) {
  GraphBuilder& g = c.g;
  const Value x = c.tensor("images");
  const Value y = as_float(g, x, float_type(g.dtype(x)));
  const Value power = g.op("pow", {y, g.scalar_like(c.number("gamma", 1), y)});
  return {as_given(g, scaled(g, power, c.number("gain", 1)), g.dtype(x))};
}

Values colour(OperatorCall& c, std::string_view op) {
  GraphBuilder& g = c.g;
  const Value x = images_of(c);
  const Value y = as_float(g, x, DType::float32);
  const Value amount = g.scalar(c.number("amount"));
  return {as_given(g, tensorflow_value(g, op, {y, amount}, {DType::float32, g.shape(y)}), g.dtype(x))};
}

// (x - mean) / max(deviation, 1 / sqrt(size)) of each image.
Values standardized(OperatorCall& c, std::string_view) {
  GraphBuilder& g = c.g;
  const Value x = g.cast(images_of(c), DType::float32);
  const int rank = g.rank(x);
  const Ints axes{rank - 3, rank - 2, rank - 1};
  const Attrs over{{"axes", axes}, {"keepdims", true}};
  const Value centred = g.op("sub", {x, g.op("reduce_mean", {x}, over)});
  const Value deviation = g.op("sqrt", {g.op("reduce_mean", {g.op("square", {centred})}, over)});
  const int64_t size = g.shape(x).elements(rank - 3, rank);
  if (g.shape(x)[rank - 3] < 0 || g.shape(x)[rank - 2] < 0 || g.shape(x).back() < 0)
    c.fail_argument("images", "images of known size");
  const Value least = g.scalar_like(1 / std::sqrt(static_cast<double>(std::max<int64_t>(size, 1))), x);
  return {g.op("div", {centred, g.op("maximum", {deviation, least})})};
}

Values grayscale_to_rgb(OperatorCall& c, std::string_view) {
  const Value x = images_of(c);
  Ints multiples(static_cast<size_t>(c.g.rank(x)), 1);
  multiples.back() = 3;
  return {c.g.op("tile", {x}, {{"multiples", multiples}})};
}

Values flipped(OperatorCall& c, std::string_view) {
  const Value x = images_of(c);
  return {c.g.op("reverse", {x}, {{"axes", Ints{c.g.rank(x) - 3}}})};
}

// A product of the last axis with a matrix of 3 x 3.
Values mixed(OperatorCall& c, std::string_view which) {
  constexpr double kYuv[] = {0.299,       -0.14714119, 0.61497538, 0.587,      -0.28886916,
                             -0.51496512, 0.114,       0.43601035, -0.10001026};
  constexpr double kYuvBack[] = {1, 1, 1, 0, -0.394642334, 2.03206185, 1.13988303, -0.58062185, 0};
  constexpr double kYiq[] = {0.299,       0.59590059, 0.2115,      0.587,     -0.27455667,
                             -0.52273617, 0.114,      -0.32134392, 0.31119955};
  const double* numbers = which == "yuv" ? kYuv : which == "back" ? kYuvBack : kYiq;
  const Value x = floating(c, "images");
  const Value matrix =
      c.g.constant(cast_tensor(tensor_of(std::vector<float>(numbers, numbers + 9), {3, 3}), c.g.dtype(x)));
  return {c.g.op("matmul", {x, matrix})};
}

// A part of the height and width.
Values cropped(OperatorCall& c, std::string_view op) {
  GraphBuilder& g = c.g;
  const Value x = images_of(c);
  const int rank = g.rank(x);
  int64_t begin[2];
  int64_t size[2];
  for (int i = 0; i < 2; ++i) {
    const int64_t whole = g.shape(x)[rank - 3 + i];
    if (whole < 0) c.fail_argument("images", "images of known size");
    if (op == "central") {
      const double fraction = c.number("central_fraction");
      begin[i] =
          static_cast<int64_t>((static_cast<double>(whole) - static_cast<double>(whole) * fraction) / 2);
      size[i] = whole - 2 * begin[i];
    } else {
      begin[i] = c.integer(i == 0 ? "offset_height" : "offset_width");
      size[i] = c.integer(i == 0 ? "target_height" : "target_width");
    }
    const bool pads = op == "pad";
    if (begin[i] < 0 || size[i] < 1 || (pads ? begin[i] + whole > size[i] : begin[i] + size[i] > whole))
      c.fail_argument(i == 0 ? "target_height" : "target_width", "a part of the image, or around it");
  }
  if (op == "pad") {
    Ints padding(static_cast<size_t>(2 * rank), 0);
    for (int i = 0; i < 2; ++i) {
      const auto at = static_cast<size_t>(2 * (rank - 3 + i));
      padding[at] = begin[i];
      padding[at + 1] = size[i] - begin[i] - g.shape(x)[rank - 3 + i];
    }
    return {g.op("pad", {x}, {{"padding", padding}, {"mode", std::string("constant")}})};
  }
  Value y = x;
  for (int i = 0; i < 2; ++i)
    y = g.op("slice_axis", {y}, {{"axis", int64_t{rank - 3 + i}}, {"begin", begin[i]}, {"size", size[i]}});
  return {y};
}

Values total_variation(OperatorCall& c, std::string_view) {
  GraphBuilder& g = c.g;
  const Value x = images_of(c);
  const int rank = g.rank(x);
  Value sum;
  for (int axis = rank - 3; axis < rank - 1; ++axis) {
    const int64_t size = g.shape(x)[axis];
    if (size < 1) c.fail_argument("images", "images of known size");
    const auto part = [&](int64_t begin) {
      return g.op("slice_axis", {x}, {{"axis", int64_t{axis}}, {"begin", begin}, {"size", size - 1}});
    };
    const Value change = g.op("abs", {g.op("sub", {part(1), part(0)})});
    const Value one =
        g.op("reduce_sum", {change}, {{"axes", Ints{rank - 3, rank - 2, rank - 1}}, {"keepdims", false}});
    sum = sum.valid() ? g.op("add", {sum, one}) : one;
  }
  return {sum};
}

// max(x, 0) - x z + log(1 + exp(-|x|)); a weight of the positive labels multiplies their term.
Values sigmoid_loss(OperatorCall& c, std::string_view op) {
  GraphBuilder& g = c.g;
  const Value x = floating(c, "logits");
  const Value z = g.cast(c.tensor("labels"), g.dtype(x));
  const Value zero = g.scalar_like(0, x);
  const Value soft = g.op("log1p", {g.op("exp", {g.op("neg", {g.op("abs", {x})})})});
  if (op.empty())
    return {g.op("add", {g.op("sub", {g.op("maximum", {x, zero}), g.op("mul", {x, z})}), soft})};
  const Value one = g.scalar_like(1, x);
  const Value weight = g.op("add", {one, scaled(g, z, c.number("pos_weight") - 1)});
  const Value tail = g.op("add", {soft, g.op("maximum", {g.op("neg", {x}), zero})});
  return {g.op("add", {g.op("mul", {g.op("sub", {one, z}), x}), g.op("mul", {weight, tail})})};
}

Values softmax_loss(OperatorCall& c, std::string_view op) {
  GraphBuilder& g = c.g;
  const Value x = floating(c, "logits");
  const int64_t axis = c.axis("axis", -1, g.rank(x));
  Value labels = c.tensor("labels");
  if (op == "sparse") {
    const int64_t depth = g.shape(x).back();
    if (depth < 1) c.fail_argument("logits", "a tensor of known classes");
    labels = g.op("one_hot", {labels}, {{"depth", depth}, {"dtype", g.dtype(x)}, {"axis", int64_t{-1}}});
  }
  const Value logs = g.op("log_softmax", {x}, {{"axis", axis}});
  const Value terms = g.op("mul", {g.cast(labels, g.dtype(x)), logs});
  return {g.op("neg", {g.op("reduce_sum", {terms}, {{"axes", Ints{axis}}, {"keepdims", false}})})};
}

Values crelu(OperatorCall& c, std::string_view) {
  const Value x = floating(c, "x");
  const Value both = c.g.op("concat", {x, c.g.op("neg", {x})}, {{"axis", c.axis("axis", -1, c.g.rank(x))}});
  return {c.g.op("relu", {both})};
}

Values l2_loss(OperatorCall& c, std::string_view) {
  const Value x = floating(c, "x");
  const Value sum = c.g.op("reduce_sum", {c.g.op("square", {x})}, {{"keepdims", false}});
  return {scaled(c.g, sum, 0.5)};
}

Values zero_fraction(OperatorCall& c, std::string_view) {
  GraphBuilder& g = c.g;
  const Value x = c.tensor("x");
  const Value zeros = g.cast(g.op("equal", {x, g.scalar_like(0, x)}), DType::float32);
  return {g.op("reduce_mean", {zeros}, {{"keepdims", false}})};
}

Values response_normalization(OperatorCall& c, std::string_view) {
  const Value x = floating(c, "x");
  NodeAttributes attributes;
  attributes.integer("depth_radius", c.integer("depth_radius", 5)).number("bias", c.number("bias", 1));
  attributes.number("alpha", c.number("alpha", 1)).number("beta", c.number("beta", 0.5));
  return {tensorflow_value(c.g, "LRN", {x}, {c.g.dtype(x), c.g.shape(x)}, attributes)};
}

Values clip_by_norm(OperatorCall& c, std::string_view) {
  GraphBuilder& g = c.g;
  const Value x = floating(c, "x");
  const Attrs over{{"axes", c.axes("axes", g.rank(x))}, {"keepdims", true}};
  const Value length = g.op("sqrt", {g.op("reduce_sum", {g.op("square", {x})}, over)});
  const Value limit = g.scalar_like(c.number("clip_norm"), x);
  return {g.op("div", {g.op("mul", {x, limit}), g.op("maximum", {length, limit})})};
}

// What is lower than the lengths along a new last axis.
Values sequence_mask(OperatorCall& c, std::string_view) {
  GraphBuilder& g = c.g;
  const Value lengths = c.tensor("lengths");
  const int64_t most = c.integer("maxlen");
  if (most < 0 || most > 1 << 24) c.fail_argument("maxlen", "an integer from 0 to 2^24");
  Ints places;
  for (int64_t i = 0; i < most; ++i) places.push_back(i);
  const Value row = g.constant(tensor_of_ints(places, {most}, g.dtype(lengths)));
  const Value mask = g.op("less", {row, g.op("expand_dims", {lengths}, {{"axes", Ints{-1}}})});
  return {g.cast(mask, c.dtype("dtype", DType::boolean))};
}

// Turned by k quarters against the clock, or rows and columns exchanged.
Values turned(OperatorCall& c, std::string_view op) {
  GraphBuilder& g = c.g;
  Value x = images_of(c);
  const int64_t rows = g.rank(x) - 3;
  const auto reversed = [&](Value y, int64_t axis) { return g.op("reverse", {y}, {{"axes", Ints{axis}}}); };
  Ints order;
  for (int64_t axis = 0; axis < g.rank(x); ++axis) order.push_back(axis);
  std::swap(order[static_cast<size_t>(rows)], order[static_cast<size_t>(rows) + 1]);
  if (op == "transpose") return {g.transpose(x, order)};
  if (op == "columns") return {reversed(x, rows + 1)};
  const int64_t quarters = ((c.integer("k", 1) % 4) + 4) % 4;
  if (quarters == 1) return {reversed(g.transpose(x, order), rows)};
  if (quarters == 2) return {reversed(reversed(x, rows), rows + 1)};
  return {quarters == 3 ? reversed(g.transpose(x, order), rows + 1) : x};
}

// tf.image.extract_patches names sizes, strides and rates of all four axes.
Values patches(OperatorCall& c, std::string_view) {
  const auto inner = [&](std::string_view parameter) {
    const Ints given = c.ints(parameter);
    if (given.size() != 4 || given[0] != 1 || given[3] != 1)
      c.fail_argument(parameter, "four integers, the outer ones 1");
    Argument list;
    list.kind = Argument::Kind::list;
    for (size_t i = 1; i < 3; ++i)
      list.items.push_back(
          {Argument::Kind::literal, {}, {}, Json::parse(std::to_string(given[i]), c.name), {}, {}});
    return list;
  };
  std::string padding = c.text("padding", "");
  for (char& letter : padding) letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  CallArguments arguments;
  arguments.positional.push_back(c.required("images"));
  arguments.keyword = {
      {"size", inner("sizes")},
      {"strides", inner("strides")},
      {"dilation_rate", inner("rates")},
      {"padding", {Argument::Kind::literal, {}, {}, Json::parse("\"" + padding + "\"", c.name), {}, {}}}};
  return lower_operator(c.call, "extract_patches", arguments);
}

Values crop_and_resize(OperatorCall& c, std::string_view) {
  GraphBuilder& g = c.g;
  const Value x = images_of(c);
  const Value boxes = c.tensor("boxes");
  const Ints size = c.ints("crop_size");
  if (size.size() != 2) c.fail_argument("crop_size", "two integers");
  NodeAttributes attributes;
  attributes.text("method", c.text("method", "bilinear"))
      .number("extrapolation_value", c.number("extrapolation_value", 0));
  const Shape shape{g.shape(boxes)[0], size[0], size[1], g.shape(x).back()};
  return {tensorflow_value(
      g, "CropAndResize",
      {x, boxes, c.tensor("box_indices"), g.constant(tensor_of_ints(size, {2}, DType::int32))},
      {DType::float32, shape}, attributes)};
}

// The boxes that are kept, by number.
Values non_max_suppression(OperatorCall& c, std::string_view) {
  GraphBuilder& g = c.g;
  const Value most = g.reshape(g.cast(c.size_tensor("max_output_size"), DType::int32), {});
  const Value overlap = g.scalar(c.number("iou_threshold", 0.5));
  const Value least = g.scalar(c.number("score_threshold", -std::numeric_limits<double>::infinity()));
  return {tensorflow_value(g, "NonMaxSuppressionV3",
                           {c.tensor("boxes"), c.tensor("scores"), most, overlap, least},
                           {DType::int32, {Shape::kUnknown}})};
}

constexpr std::string_view kBox = "images|image offset_height offset_width target_height target_width";

constexpr Operator kOperators[] = {
    {"convert_image_dtype", "images|image dtype saturate", convert_dtype, ""},
    {"adjust_brightness", "images|image delta", brightness, ""},
    {"adjust_contrast", "images contrast_factor", contrast, ""},
    {"adjust_gamma", "images|image gamma gain", gamma, ""},
    {"adjust_hue", "images|image amount|delta", colour, "AdjustHue"},
    {"adjust_saturation", "images|image amount|saturation_factor", colour, "AdjustSaturation"},
    {"per_image_standardization", "images|image", standardized, ""},
    {"grayscale_to_rgb", "images", grayscale_to_rgb, ""},
    {"flip_up_down", "images|image", flipped, ""},
    {"image_flip_left_right", "images|image", turned, "columns"},
    {"image_transpose", "images|image", turned, "transpose"},
    {"image_rot90", "images|image k", turned, "turned"},
    {"image_extract_patches", "images sizes strides rates padding", patches, ""},
    {"crop_and_resize", "images|image boxes box_indices crop_size method extrapolation_value",
     crop_and_resize, ""},
    {"non_max_suppression", "boxes scores max_output_size iou_threshold score_threshold", non_max_suppression,
     ""},
    {"rgb_to_yuv", "images", mixed, "yuv"},
    {"yuv_to_rgb", "images", mixed, "back"},
    {"rgb_to_yiq", "images", mixed, "yiq"},
    {"central_crop", "images|image central_fraction", cropped, "central"},
    {"crop_to_bounding_box", kBox, cropped, "crop"},
    {"pad_to_bounding_box", kBox, cropped, "pad"},
    {"total_variation", "images", total_variation, ""},
    {"sigmoid_cross_entropy_with_logits", "labels logits", sigmoid_loss, ""},
    {"weighted_cross_entropy_with_logits", "labels logits pos_weight", sigmoid_loss, "weighted"},
    {"softmax_cross_entropy_with_logits softmax_cross_entropy_with_logits_v2", "labels logits axis",
     softmax_loss, ""},
    {"sparse_softmax_cross_entropy_with_logits", "labels logits axis", softmax_loss, "sparse"},
    {"crelu", "x|features axis", crelu, ""},
    {"l2_loss", "x|t", l2_loss, ""},
    {"zero_fraction", "x|value", zero_fraction, ""},
    {"local_response_normalization lrn", "x|input depth_radius bias alpha beta", response_normalization, ""},
    {"clip_by_norm", "x|t clip_norm axes", clip_by_norm, ""},
    {"sequence_mask", "lengths maxlen dtype", sequence_mask, ""},
};

}  // namespace

std::span<const Operator> picture_operators() {
  return kOperators;
}

}  // namespace cornu::layers
