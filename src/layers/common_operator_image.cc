// Functions of images in keras.ops. See operators.h.
// Source: keras/src/ops/image.py and keras/src/backend/tensorflow/image.py, 3.15
#include "layers/common_layout.h"
#include "layers/operators.h"

namespace cornu::layers {
namespace {

using Values = std::vector<Value>;

// Images [batch, height, width, channels] whatever was given, and the way back.
struct Images {
  GraphBuilder& g;
  bool first;
  bool single;
  DType given;
  Value x;

  explicit Images(OperatorCall& c, std::string_view parameter = "images")
      : g(c.g), first(c.text("data_format", "channels_last") == "channels_first"), single(false) {
    x = c.tensor(parameter);
    given = g.dtype(x);
    single = g.rank(x) == 3;
    x = with_rank(g, x, 4, 0);
    if (g.rank(x) != 4) c.fail_argument(parameter, "an image or a batch of images");
    if (first) x = channels_to_end(g, x);
  }
  Value back(Value y) const {
    if (first) y = channels_to_front(g, y);
    return single ? g.op("squeeze", {y}, {{"axes", Ints{0}}}) : y;
  }
  Value floating() const { return g.cast(x, float_type(g.dtype(x))); }
};

Value channel(GraphBuilder& g, Value x, int64_t i) {
  return g.op("slice_axis", {x}, {{"axis", int64_t{3}}, {"begin", i}, {"size", int64_t{1}}});
}

Value joined(GraphBuilder& g, const Values& channels) {
  return g.op("concat", channels, {{"axis", int64_t{3}}});
}

Value shifted(GraphBuilder& g, Value x, double by) {
  return g.op("add", {x, g.scalar_like(by, x)});
}

Value scaled(GraphBuilder& g, Value x, double by) {
  return g.op("mul", {x, g.scalar_like(by, x)});
}

Images colours(OperatorCall& c) {
  Images images(c);
  if (c.g.shape(images.x)[3] != 3) c.fail_argument("images", "images of three channels");
  images.x = images.floating();
  return images;
}

Values rgb_to_hsv(OperatorCall& c, std::string_view) {
  GraphBuilder& g = c.g;
  const Images images = colours(c);
  const Value red = channel(g, images.x, 0);
  const Value green = channel(g, images.x, 1);
  const Value blue = channel(g, images.x, 2);
  const Attrs over{{"axes", Ints{3}}, {"keepdims", true}};
  const Value value = g.op("reduce_max", {images.x}, over);
  const Value range = g.op("sub", {value, g.op("reduce_min", {images.x}, over)});
  const Value zero = g.scalar_like(0, value);
  const auto ratio = [&](Value a, Value b) {  // 0 where b is not positive
    return g.op("select", {g.op("greater", {b, zero}), g.op("div", {a, b}), zero});
  };
  const auto hue_from = [&](Value a, Value b, double start) {
    return shifted(g, scaled(g, ratio(g.op("sub", {a, b}), range), 1.0 / 6), start);
  };
  const Value by_green = g.op(
      "select", {g.op("equal", {green, value}), hue_from(blue, red, 2.0 / 6), hue_from(red, green, 4.0 / 6)});
  Value hue = g.op("select", {g.op("equal", {red, value}), hue_from(green, blue, 0), by_green});
  hue = g.op("select", {g.op("greater", {range, zero}), hue, zero});
  hue = g.op("select", {g.op("less", {hue, zero}), shifted(g, hue, 1), hue});
  return {images.back(joined(g, {hue, ratio(range, value), value}))};
}

Values hsv_to_rgb(OperatorCall& c, std::string_view) {
  GraphBuilder& g = c.g;
  const Images images = colours(c);
  const Value sector = scaled(g, channel(g, images.x, 0), 6);
  const Value saturation = channel(g, images.x, 1);
  const Value value = channel(g, images.x, 2);
  const Value grey = shifted(g, g.op("neg", {saturation}), 1);
  const auto part = [&](double centre, double sign, double offset) {
    const Value distance = g.op("abs", {shifted(g, sector, -centre)});
    const Value ramp =
        g.op("clip", {shifted(g, scaled(g, distance, sign), offset)}, {{"min", 0.0}, {"max", 1.0}});
    return g.op("mul", {g.op("add", {grey, g.op("mul", {saturation, ramp})}), value});
  };
  return {images.back(joined(g, {part(3, 1, -1), part(2, -1, 2), part(4, -1, 2)}))};
}

// One or two numbers of at least `low` for height and width.
Ints pair_of(OperatorCall& c, std::string_view parameter, Ints fallback, int64_t low) {
  Ints given = c.ints(parameter, std::move(fallback));
  if (given.size() == 1) given.push_back(given[0]);
  if (given.size() != 2 || given[0] < low || given[1] < low || given[0] > INT32_MAX || given[1] > INT32_MAX)
    c.fail_argument(parameter, fmt::format("one or two integers of at least {}", low));
  return given;
}

// Patches as channels: a convolution with one kernel for each pixel of a patch.
Values extract_patches(OperatorCall& c, std::string_view) {
  GraphBuilder& g = c.g;
  const Images images(c);
  const Value x = images.floating();
  const Ints size = pair_of(c, "size", {}, 1);
  const Ints strides = pair_of(c, "strides", size, 1);
  const int64_t channels = g.shape(x)[3];
  const int64_t count = channels < 1 ? -1 : size[0] * size[1] * channels;
  if (count < 1 || count > 4096) c.fail_argument("size", "patches of at most 4096 numbers");
  Ints places;
  for (int64_t i = 0; i < count; ++i) places.push_back(i);
  const Value kernel = g.reshape(g.op("one_hot", {g.constant(tensor_of_ints(places, {count}))},
                                      {{"depth", count}, {"dtype", g.dtype(x)}}),
                                 {size[0], size[1], channels, count});
  std::string padding = c.text("padding", "valid");
  if (padding != "same" && padding != "valid") c.fail_argument("padding", "same or valid");
  const Value y = g.op(
      "conv", {x, kernel},
      {{"strides", strides}, {"dilations", pair_of(c, "dilation_rate", {1, 1}, 1)}, {"auto_pad", padding}});
  return {images.back(g.cast(y, g.dtype(images.x)))};
}

// What is added on, or cut off, both sides of an axis: two of low, high and the size wanted tell the third.
std::pair<int64_t, int64_t> sides(OperatorCall& c, const char* low, const char* high, const char* wanted,
                                  int64_t size, int64_t sign) {
  std::optional<int64_t> before;
  std::optional<int64_t> after;
  if (c.has(low)) before = c.integer(low);
  if (c.has(high)) after = c.integer(high);
  if (!before || !after) {
    if (!c.has(wanted) || size == Shape::kUnknown || (!before && !after))
      c.fail_argument(wanted, "given where an amount is not, for images of known size");
    const int64_t both = sign * (c.integer(wanted) - size);
    before = before.value_or(both - after.value_or(0));
    after = after.value_or(both - *before);
  }
  if (*before < 0 || *after < 0 || *before > INT32_MAX || *after > INT32_MAX)
    c.fail_argument(low, "amounts of at least 0 on both sides");
  return {*before, *after};
}

Values pad_images(OperatorCall& c, std::string_view) {
  GraphBuilder& g = c.g;
  const Images images(c);
  const Shape shape = g.shape(images.x);
  const auto [top, bottom] = sides(c, "top_padding", "bottom_padding", "target_height", shape[1], 1);
  const auto [left, right] = sides(c, "left_padding", "right_padding", "target_width", shape[2], 1);
  return {images.back(
      g.op("pad", {images.x},
           {{"padding", Ints{0, 0, top, bottom, left, right, 0, 0}}, {"mode", std::string("constant")}}))};
}

Values crop_images(OperatorCall& c, std::string_view) {
  GraphBuilder& g = c.g;
  const Images images(c);
  const Shape shape = g.shape(images.x);
  const auto [top, bottom] = sides(c, "top_cropping", "bottom_cropping", "target_height", shape[1], -1);
  const auto [left, right] = sides(c, "left_cropping", "right_cropping", "target_width", shape[2], -1);
  const auto cut = [&](Value x, int64_t axis, int64_t before, int64_t after) {
    const int64_t size = g.shape(x)[static_cast<int>(axis)];
    if (size == Shape::kUnknown || before + after >= size)
      c.fail_argument("images", "images of known size that leave something");
    return g.op("slice_axis", {x}, {{"axis", axis}, {"begin", before}, {"size", size - before - after}});
  };
  return {images.back(cut(cut(images.x, 1, top, bottom), 2, left, right))};
}

// Each channel convolved with the same matrix.
Value filtered(GraphBuilder& g, Value x, const std::vector<double>& matrix, int64_t height, int64_t width,
               const std::string& padding) {
  const int64_t channels = g.shape(x)[3];
  NewTensor kernel = new_tensor(DType::float64, {height, width, 1, channels});
  auto* numbers = reinterpret_cast<double*>(kernel.data);
  for (size_t i = 0; i < matrix.size(); ++i)
    std::fill_n(numbers + static_cast<int64_t>(i) * channels, channels, matrix[i]);
  return g.op(
      "conv", {x, g.constant(cast_tensor(kernel.tensor, g.dtype(x)))},
      {{"strides", Ints{1, 1}}, {"dilations", Ints{1, 1}}, {"auto_pad", padding}, {"groups", channels}});
}

// Vertical and horizontal differences, as a last axis.
Values sobel_edges(OperatorCall& c, std::string_view) {
  GraphBuilder& g = c.g;
  const Images images(c);
  if (g.shape(images.x)[3] < 1) c.fail_argument("images", "images of known channels");
  const Value x = g.op("pad", {images.floating()},
                       {{"padding", Ints{0, 0, 1, 1, 1, 1, 0, 0}}, {"mode", std::string("reflect")}});
  Values parts;
  for (const auto& matrix : {std::vector<double>{-1, -2, -1, 0, 0, 0, 1, 2, 1},
                             std::vector<double>{-1, 0, 1, -2, 0, 2, -1, 0, 1}}) {
    const Value y = images.back(filtered(g, x, matrix, 3, 3, "valid"));
    parts.push_back(g.op("expand_dims", {y}, {{"axes", Ints{-1}}}));
  }
  return {g.op("concat", parts, {{"axis", int64_t{-1}}})};
}

// Weights of `size` neighbours around the middle one, 1 together.
std::vector<double> bell(int64_t size, double sigma) {
  std::vector<double> values;
  double sum = 0;
  for (int64_t k = 0; k < size; ++k) {
    const double x = (static_cast<double>(k) - static_cast<double>(size - 1) / 2) / sigma;
    values.push_back(std::exp(-0.5 * x * x));
    sum += values.back();
  }
  for (double& value : values) value /= sum;
  return values;
}

// Each channel under a bell of `sigma` pixels. Keras lays the product of both bells out as (rows, columns) whatever their
// sizes are.
Values gaussian_blur(OperatorCall& c, std::string_view) {
  GraphBuilder& g = c.g;
  const Images images(c);
  if (g.shape(images.x)[3] < 1) c.fail_argument("images", "images of known channels");
  const Ints size = pair_of(c, "kernel_size", {3, 3}, 1);
  if (size[0] > 1024 || size[1] > 1024) c.fail_argument("kernel_size", "at most 1024 by 1024");
  double sigma[2] = {1, 1};
  if (const Argument* given = c.find("sigma"); given != nullptr) {
    for (size_t i = 0; i < 2; ++i) {
      const bool list = given->kind == Argument::Kind::list && given->items.size() == 2;
      const Json number = list ? given->items[i].literal : given->literal;
      if (!number.is_number() || !(number.number() > 0))
        c.fail_argument("sigma", "one or two positive numbers");
      sigma[i] = number.number();
    }
  }
  std::vector<double> matrix;
  for (const double y : bell(size[1], sigma[1])) {
    for (const double x : bell(size[0], sigma[0])) matrix.push_back(y * x);
  }
  return {images.back(filtered(g, images.floating(), matrix, size[0], size[1], "same"))};
}

// The structural similarity of two images under a bell of `filter_sigma` pixels.
Values ssim(OperatorCall& c, std::string_view) {
  GraphBuilder& g = c.g;
  const Images first(c, "image1");
  const Images second(c, "image2");
  const int64_t size = c.integer("filter_size", 11);
  const double sigma = c.number("filter_sigma", 1.5);
  if (size < 1 || size > 1024 || !(sigma > 0))
    c.fail_argument("filter_size", "from 1 to 1024, and a positive filter_sigma");
  if (g.shape(first.x)[3] < 1) c.fail_argument("image1", "images of known channels");
  const std::vector<double> row = bell(size, sigma);
  std::vector<double> matrix;
  for (const double y : row) {
    for (const double x : row) matrix.push_back(y * x);
  }
  const auto mean = [&](Value x) { return filtered(g, x, matrix, size, size, "valid"); };
  const auto mul = [&](Value a, Value b) { return g.op("mul", {a, b}); };
  const auto add = [&](Value a, Value b) { return g.op("add", {a, b}); };
  const auto sub = [&](Value a, Value b) { return g.op("sub", {a, b}); };
  const Value a = first.floating();
  const Value b = g.cast(second.x, g.dtype(a));
  const double unit = c.number("max_val", 1);
  const double c1 = std::pow(c.number("k1", 0.01) * unit, 2);
  const double c2 = std::pow(c.number("k2", 0.03) * unit, 2);
  const Value mean_a = mean(a);
  const Value mean_b = mean(b);
  const Value squares = add(mul(mean_a, mean_a), mul(mean_b, mean_b));
  const Value product = mul(mean_a, mean_b);
  const Value variances = sub(add(mean(mul(a, a)), mean(mul(b, b))), squares);
  const Value covariance = sub(mean(mul(a, b)), product);
  const Value above = mul(shifted(g, scaled(g, product, 2), c1), shifted(g, scaled(g, covariance, 2), c2));
  const Value below = mul(shifted(g, squares, c1), shifted(g, variances, c2));
  Value y = g.op("reduce_mean", {g.op("div", {above, below})}, {{"axes", Ints{1, 2, 3}}});
  if (first.single) y = g.op("squeeze", {y}, {{"axes", Ints{0}}});
  return {g.cast(y, first.given)};
}

constexpr std::string_view kPadding =
    "images|image top_padding left_padding bottom_padding right_padding target_height target_width "
    "data_format";
constexpr std::string_view kCropping =
    "images|image top_cropping left_cropping bottom_cropping right_cropping target_height target_width "
    "data_format";

constexpr Operator kOperators[] = {
    {"rgb_to_hsv", "images data_format", rgb_to_hsv, ""},
    {"hsv_to_rgb", "images data_format", hsv_to_rgb, ""},
    {"extract_patches", "images|image size strides dilation_rate padding data_format", extract_patches, ""},
    {"pad_images", kPadding, pad_images, ""},
    {"crop_images", kCropping, crop_images, ""},
    {"sobel_edges", "images|image data_format", sobel_edges, ""},
    {"ssim", "image1 image2 max_val filter_size filter_sigma k1 k2 data_format", ssim, ""},
    {"gaussian_blur", "images kernel_size sigma data_format", gaussian_blur, ""},
};

}  // namespace

std::span<const Operator> image_operators() {
  return kOperators;
}

}  // namespace cornu::layers
