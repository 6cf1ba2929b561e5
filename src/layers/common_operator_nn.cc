// Neural network functions of keras.ops and TensorFlow. See operators.h.
// Source: keras/src/ops/nn.py, image.py and keras/src/activations, 3.15; the tf.nn and tf.image functions of
// TensorFlow 2.21
#include <algorithm>
#include <cmath>

#include "layers/activations.h"
#include "layers/common_resizing.h"
#include "layers/operators.h"

namespace cornu::layers {
namespace {

using Values = std::vector<Value>;

Value floating(OperatorCall& c, std::string_view parameter) {
  const Value x = c.tensor(parameter);
  return c.g.cast(x, float_type(c.g.dtype(x)));
}

// A function of keras.activations with its default arguments.
Values activation(OperatorCall& c, std::string_view name) {
  const Value x = c.tensor("x");
  const bool keeps_integers = name == "relu" || name == "relu6";
  if (!keeps_integers || dtype_is_floating(c.g.dtype(x)))
    return {activation_by_name(c.g, floating(c, "x"), name, c.call.dialect)};
  const Value low = c.g.op("maximum", {x, c.g.scalar_like(0, x)});
  return {name == "relu" ? low : c.g.op("minimum", {low, c.g.scalar_like(6, x)})};
}

// x sigmoid(beta x)
Values swish(OperatorCall& c, std::string_view) {
  const Value x = floating(c, "x");
  const double beta = c.number("beta", 1);
  if (beta == 1) return {c.g.op("silu", {x})};
  return {c.g.op("mul", {x, c.g.op("sigmoid", {c.g.op("mul", {x, c.g.scalar_like(beta, x)})})})};
}

// relu of keras.activations and tf.keras.backend, with slope, cap and threshold.
Values general_relu(OperatorCall& c, std::string_view) {
  std::optional<double> cap;
  if (c.has("max_value")) cap = c.number("max_value");
  if (!c.has("slope") && !cap && !c.has("threshold")) return activation(c, "relu");
  return {relu(c.g, floating(c, "x"), c.number("slope", 0), cap, c.number("threshold", 0))};
}

Values leaky_relu(OperatorCall& c, std::string_view) {
  return {c.g.op("leaky_relu", {floating(c, "x")}, {{"slope", c.number("slope", 0.2)}})};
}

Values with_alpha(OperatorCall& c, std::string_view op) {
  return {c.g.op(op, {floating(c, "x")}, {{"alpha", c.number("alpha", 1)}})};
}

Values with_threshold(OperatorCall& c, std::string_view op) {
  return {c.g.op(op, {floating(c, "x")}, {{"threshold", c.number("threshold", 0.5)}})};
}

Values squareplus(OperatorCall& c, std::string_view) {
  return {c.g.op("squareplus", {floating(c, "x")}, {{"b", c.number("b", 4)}})};
}

Values gelu(OperatorCall& c, std::string_view) {
  return {c.g.op("gelu", {floating(c, "x")}, {{"approximate", c.flag("approximate", c.keras3)}})};
}

Values threshold_of(OperatorCall& c, std::string_view) {
  return {threshold(c.g, floating(c, "x"), c.number("threshold"), c.number("value"))};
}

Values glu_of(OperatorCall& c, std::string_view) {
  const Value x = floating(c, "x");
  return {glu(c.g, x, static_cast<int>(c.axis("axis", -1, c.g.rank(x))))};
}

// Over an axis, several, or all elements (Keras: axis None).
Values softmax_of(OperatorCall& c, std::string_view) {
  const Value x = floating(c, "x");
  if (!c.has("axis") && !c.keras3) return {softmax(c.g, x, {c.g.rank(x) - 1})};
  return {softmax(c.g, x, c.axes("axis", c.g.rank(x)))};
}

Values one_axis(OperatorCall& c, std::string_view op) {
  const Value x = floating(c, "x");
  return {c.g.op(op, {x}, {{"axis", c.axis("axis", -1, c.g.rank(x))}})};
}

Values bias_add(OperatorCall& c, std::string_view) {
  GraphBuilder& g = c.g;
  const auto [x, bias] = c.operands("x", "bias");
  const std::string format = c.text("data_format", "NHWC");
  const bool first = format.starts_with("NC") || format == "channels_first";
  Ints dims(static_cast<size_t>(std::max(g.rank(x), 2)), 1);
  (first ? dims[1] : dims.back()) = -1;
  return {g.op("add", {x, first ? g.reshape(bias, dims) : bias})};
}

// x / |x| along axes; order 2, or another one by its definition. Without an axis: the last one in Keras 3, all in TensorFlow.
Values normalize(OperatorCall& c, std::string_view) {
  GraphBuilder& g = c.g;
  const Value x = floating(c, "x");
  const Ints axes = c.has("axis") || !c.keras3 ? c.axes("axis", g.rank(x)) : Ints{g.rank(x) - 1};
  const auto order = static_cast<double>(c.integer("order", 2));
  const double epsilon = c.number("epsilon", c.keras3 ? 1e-7 : 1e-12);
  const Attrs over{{"axes", axes}, {"keepdims", true}};
  if (order == 2 && !c.keras3) {
    const Value sum =
        g.op("maximum", {g.op("reduce_sum", {g.op("square", {x})}, over), g.scalar_like(epsilon, x)});
    return {g.op("mul", {x, g.op("rsqrt", {sum})})};
  }
  if (order == 2) {
    const Value inverse = g.op("rsqrt", {g.op("reduce_sum", {g.op("square", {x})}, over)});
    return {g.op("mul", {x, g.op("minimum", {inverse, g.scalar_like(1 / epsilon, x)})})};
  }
  if (order < 1) c.fail_argument("order", "an integer of at least 1");
  const Value powers = g.op("pow", {g.op("abs", {x}), g.scalar_like(order, x)});
  const Value length = g.op("pow", {g.op("reduce_sum", {powers}, over), g.scalar_like(1 / order, x)});
  return {g.op("div", {x, g.op("maximum", {length, g.scalar_like(epsilon, x)})})};
}

// A vector along one axis of x, ready to broadcast.
Value along_axis(GraphBuilder& g, Value vector, Value x, int64_t axis) {
  if (g.rank(vector) != 1) return vector;
  Ints dims(static_cast<size_t>(g.rank(x)), 1);
  dims[static_cast<size_t>(axis)] = -1;
  return g.reshape(vector, dims);
}

Values batch_norm(OperatorCall& c, std::string_view) {
  GraphBuilder& g = c.g;
  const Value x = floating(c, "x");
  const int64_t axis = c.axis("axis", -1, g.rank(x));
  const auto part = [&](std::string_view name) { return along_axis(g, c.tensor_beside(name, x), x, axis); };
  const Value variance = part("variance");
  Value factor = g.op("rsqrt", {g.op("add", {variance, g.scalar_like(c.number("epsilon", 1e-3), variance)})});
  if (c.has("scale")) factor = g.op("mul", {factor, part("scale")});
  Value y = g.op("mul", {g.op("sub", {x, part("mean")}), factor});
  if (c.has("offset")) y = g.op("add", {y, part("offset")});
  return {y};
}

Values layer_norm(OperatorCall& c, std::string_view op) {
  // Computed in float32 at least, and given in the type of x, even if that holds integers.
  GraphBuilder& g = c.g;
  const DType given = g.dtype(c.tensor("x"));
  const Value x = g.cast(c.tensor("x"), result_type(given, DType::float32));
  const Ints axes = c.has("axis") ? c.axes("axis", g.rank(x)) : Ints{g.rank(x) - 1};
  const double epsilon = c.number("epsilon", 1e-7);
  const auto part = [&](std::string_view name) {
    const Value vector = c.tensor_beside(name, x);
    return axes.size() == 1 ? along_axis(g, vector, x, axes[0]) : vector;
  };
  const bool by_variance = c.flag("rms_scaling", false);  // of Keras, which names it so
  if (op == "rms" || by_variance) {
    const Attrs over{{"axes", axes}, {"keepdims", true}};
    const Value centred = by_variance ? g.op("sub", {x, g.op("reduce_mean", {x}, over)}) : x;
    const Value mean = g.op("reduce_mean", {g.op("square", {centred})}, over);
    Value y = g.op("mul", {x, g.op("rsqrt", {g.op("add", {mean, g.scalar_like(epsilon, x)})})});
    if (c.has("gamma")) y = g.op("mul", {y, by_variance ? part("gamma") : c.tensor_beside("gamma", x)});
    return {g.cast(y, given)};
  }
  Values in{x};
  if (c.has("gamma")) in.push_back(part("gamma"));
  if (c.has("beta")) in.push_back(part("beta"));
  const Value y = g.op(
      "layer_norm", in,
      {{"axes", axes}, {"epsilon", epsilon}, {"has_gamma", c.has("gamma")}, {"has_beta", c.has("beta")}});
  return {g.cast(y, given)};
}

// Convolutions and pooling want channels last: to there, and back afterwards.
struct Layout {
  GraphBuilder& g;
  bool first;

  Layout(OperatorCall& c) : g(c.g), first(false) {
    const std::string format = c.text("data_format", "channels_last");
    first = format == "channels_first" || format.starts_with("NC");
  }
  Value in(Value x) const {
    if (!first) return x;
    Ints order{0};
    for (int axis = 2; axis < g.rank(x); ++axis) order.push_back(axis);
    order.push_back(1);
    return g.transpose(x, order);
  }
  Value out(Value y) const {
    if (!first) return y;
    Ints order{0, g.rank(y) - 1};
    for (int axis = 1; axis < g.rank(y) - 1; ++axis) order.push_back(axis);
    return g.transpose(y, order);
  }
  // One number for all spatial axes, one for each, or TensorFlow's list with batch and channels.
  Ints spatial(OperatorCall& c, std::string_view parameter, int count, Ints fallback) const {
    Ints given = c.ints(parameter, std::move(fallback));
    const auto n = static_cast<size_t>(count);
    if (given.size() == n + 2)
      given = first ? Ints(given.begin() + 2, given.end()) : Ints(given.begin() + 1, given.end() - 1);
    if (given.size() == 1) given.assign(n, given[0]);
    const bool bad =
        std::any_of(given.begin(), given.end(), [](int64_t value) { return value < 1 || value > INT32_MAX; });
    if (given.size() != n || bad) c.fail_argument(parameter, fmt::format("{} integers of at least 1", n));
    return given;
  }
};

std::string padding_of(OperatorCall& c) {
  std::string padding = c.text("padding", "valid");
  if (padding == "SAME") padding = "same";
  if (padding == "VALID") padding = "valid";
  if (padding != "same" && padding != "valid") c.fail_argument("padding", "same or valid");
  return padding;
}

int spatial_axes(OperatorCall& c, Value x) {
  const int count = c.g.rank(x) - 2;
  if (count < 1 || count > 3) c.fail_argument("x", "a tensor with one to three spatial axes");
  return count;
}

Value convolve(OperatorCall& c, Value x, Value kernel, const Ints& strides, const Ints& dilations,
               int64_t groups) {
  return c.g.op(
      "conv", {x, kernel},
      {{"strides", strides}, {"dilations", dilations}, {"auto_pad", padding_of(c)}, {"groups", groups}});
}

Values conv(OperatorCall& c, std::string_view) {
  const Layout layout(c);
  const Value x = layout.in(floating(c, "x"));
  const Value kernel = c.tensor_beside("kernel", x);
  const int count = spatial_axes(c, x);
  const int64_t channels = c.g.shape(x).back();
  const int64_t per_group = c.g.rank(kernel) == count + 2 ? c.g.shape(kernel)[count] : 0;
  if (channels < 1 || per_group < 1 || channels % per_group != 0)
    c.fail_argument("kernel", "a kernel whose channels divide those of the input");
  const Value y = convolve(c, x, kernel, layout.spatial(c, "strides", count, {1}),
                           layout.spatial(c, "dilations", count, {1}), channels / per_group);
  return {layout.out(y)};
}

// Each channel has kernels of its own; with `pointwise`, a convolution of one pixel follows.
Values depthwise_conv(OperatorCall& c, std::string_view) {
  const Layout layout(c);
  const Value x = layout.in(floating(c, "x"));
  Value kernel = c.tensor_beside("kernel", x);
  const int count = spatial_axes(c, x);
  const Shape sizes = c.g.shape(kernel);
  if (sizes.rank() != count + 2 || !sizes.is_known() || sizes[count] != c.g.shape(x).back()) {
    c.fail_argument("kernel", "a kernel of the channels of the input");
  }
  Ints dims(sizes.begin(), sizes.begin() + count);
  dims.insert(dims.end(), {1, sizes[count] * sizes[count + 1]});
  kernel = c.g.reshape(kernel, dims);
  Value y = convolve(c, x, kernel, layout.spatial(c, "strides", count, {1}),
                     layout.spatial(c, "dilations", count, {1}), sizes[count]);
  if (c.has("pointwise")) {
    const Ints ones(static_cast<size_t>(count), 1);
    y = convolve(c, y, c.tensor_beside("pointwise", y), ones, ones, 1);
  }
  return {layout.out(y)};
}

Values pool(OperatorCall& c, std::string_view op) {
  const Layout layout(c);
  const Value x = layout.in(floating(c, "x"));
  const int count = spatial_axes(c, x);
  const Ints window = layout.spatial(c, "window", count, {1});
  const Ints strides = c.has("strides") ? layout.spatial(c, "strides", count, {1}) : window;
  return {
      layout.out(c.g.op(op, {x}, {{"window", window}, {"strides", strides}, {"auto_pad", padding_of(c)}}))};
}

int64_t divided(OperatorCall& c, int64_t size, int64_t block) {
  if (size == Shape::kUnknown) return -1;
  if (size % block != 0) c.fail_argument("block", "a divisor of the sizes");
  return size / block;
}

// Blocks of pixels to channels, or back. One size may be unknown.
Values rearrange(OperatorCall& c, std::string_view op) {
  GraphBuilder& g = c.g;
  const Layout layout(c);
  const Value x = layout.in(c.tensor("x"));
  const int64_t block = c.integer("block");
  const Shape shape = g.shape(x);
  if (shape.rank() != 4 || shape.back() == Shape::kUnknown)
    c.fail_argument("x", "a tensor with height, width and known channels");
  if (block < 1 || block > INT32_MAX) c.fail_argument("block", "an integer of at least 1");
  const int64_t channels = shape[3];
  const int64_t height = shape[1];
  const int64_t width = shape[2];
  if (width == Shape::kUnknown) c.fail_argument("x", "a tensor of known width");
  if (op == "space_to_depth") {
    const int64_t columns = divided(c, width, block);
    const int64_t rows = divided(c, height, block);
    // The batch is copied; rows are inferred when unknown.
    const Value split = g.reshape(x, {0, rows, block, columns, block, channels});
    return {layout.out(
        g.reshape(g.transpose(split, {0, 1, 3, 2, 4, 5}), {0, rows, columns, block * block * channels}))};
  }
  if (channels % (block * block) != 0) c.fail_argument("block", "one whose square divides the channels");
  const int64_t left = channels / (block * block);
  const Value split = g.reshape(x, {0, 0, 0, block, block, left});
  const int64_t rows = height == Shape::kUnknown ? -1 : height * block;
  return {layout.out(g.reshape(g.transpose(split, {0, 1, 3, 2, 4, 5}), {0, rows, width * block, left}))};
}

Values resize(OperatorCall& c, std::string_view fixed) {
  GraphBuilder& g = c.g;
  for (const char* parameter : {"preserve_aspect_ratio", "align_corners"}) {
    if (c.flag(parameter, false)) c.call.fail(ErrorCode::unsupported, "{} with {}", c.name, parameter);
  }
  const Value x = c.tensor("x");
  const std::string format = c.text("data_format", "channels_last");
  ResizeSettings settings;
  settings.size = c.ints("size");
  settings.method = fixed.empty() ? c.text("method", "bilinear") : std::string(fixed);
  constexpr std::string_view kMethods[] = {"nearest", "bilinear", "bicubic", "lanczos3", "lanczos5", "area"};
  if (std::find(std::begin(kMethods), std::end(kMethods), settings.method) == std::end(kMethods)) {
    c.fail_argument("method", "nearest, bilinear, bicubic, lanczos3, lanczos5 or area");
  }
  settings.half_pixel = c.flag("half_pixel", fixed.empty());
  settings.antialias = c.flag("antialias", false);
  settings.channels_first = format == "channels_first" || format.starts_with("NC");
  settings.fit = c.flag("crop_to_aspect_ratio", false)  ? "crop"
                 : c.flag("pad_to_aspect_ratio", false) ? "pad"
                                                        : "stretch";
  settings.fill = c.number("fill_value", 0);
  c.text("fill_mode", "constant");
  const Value y = resize_images(c.call, x, settings);
  if (settings.method == "nearest") return {g.cast(y, g.dtype(x))};
  return {c.keras3 ? rounded_to(g, y, g.dtype(x)) : y};
}

Values rgb_to_grayscale(OperatorCall& c, std::string_view) {
  GraphBuilder& g = c.g;
  const std::string format = c.text("data_format", "channels_last");
  const Value given = c.tensor("x");
  const Value x = g.cast(given, float_type(g.dtype(given)));
  const int axis = format == "channels_first" ? g.rank(x) - 3 : g.rank(x) - 1;
  if (axis < 0 || (g.shape(x)[axis] != 3 && g.shape(x)[axis] != 1))
    c.fail_argument("x", "images of 1 or 3 channels");
  if (g.shape(x)[axis] == 1) return {given};
  const float weights[] = {0.2989F, 0.5870F, 0.1140F};  // ITU-R BT.601, as tf.image rounds them
  const Value factor = along_axis(g, g.cast(g.constant(tensor_of(weights, {3})), g.dtype(x)), x, axis);
  const Value y = g.op("reduce_sum", {g.op("mul", {x, factor})}, {{"axes", Ints{axis}}, {"keepdims", true}});
  return {g.cast(y, g.dtype(given))};
}

// softmax(query key^T scale + bias) value over heads: query [batch, length, heads, size].
Values attention(OperatorCall& c, std::string_view) {
  GraphBuilder& g = c.g;
  if (c.flag("is_causal", false) || c.has("soft_cap"))
    c.call.fail(ErrorCode::unsupported, "{} with is_causal or attn_logits_soft_cap", c.name);
  const Value query = floating(c, "query");
  Value key = c.tensor_beside("key", query);
  Value value = c.tensor_beside("value", query);
  if (g.rank(query) != 4 || g.rank(key) != 4 || g.rank(value) != 4 || g.shape(query)[3] < 1)
    c.fail_argument("query", "a tensor of four axes");
  const int64_t heads = g.shape(query)[2];
  const int64_t key_heads = g.shape(key)[2];
  if (key_heads > 0 && heads > key_heads && heads % key_heads == 0) {
    const Attrs repeats{{"axis", int64_t{2}}, {"repeats", heads / key_heads}};
    key = g.op("repeat", {key}, repeats);
    value = g.op("repeat", {value}, repeats);
  }
  const double scale = c.number("scale", 1 / std::sqrt(static_cast<double>(g.shape(query)[3])));
  Value logits = g.op(
      "mul", {g.op("einsum", {query, key}, {{"equation", "btnh,bsnh->bnts"}}), g.scalar_like(scale, query)});
  if (c.has("bias")) logits = g.op("add", {logits, c.tensor_beside("bias", logits)});
  if (c.has("mask")) {
    const double lowest = g.dtype(logits) == DType::float16 ? -0.7 * 65504.0 : -0.7 * 3.4028234663852886e38;
    logits =
        g.op("select", {g.cast(c.tensor("mask"), DType::boolean), logits, g.scalar_like(lowest, logits)});
  }
  const Value weights = g.op("softmax", {logits}, {{"axis", int64_t{-1}}});
  return {g.op("einsum", {weights, value}, {{"equation", "bnts,bsnh->btnh"}})};
}

constexpr std::string_view kX = "x|features|logits|input|tensor|inputs";

constexpr Operator kOperators[] = {
    {"relu", "x|features slope|negative_slope|alpha max_value threshold", general_relu, ""},
    {"re_lu", "x slope|negative_slope max_value threshold", general_relu, ""},
    {"relu6", kX, activation, "relu6"},
    {"sigmoid expit", kX, activation, "sigmoid"},
    {"selu", kX, activation, "selu"},
    {"softplus", kX, activation, "softplus"},
    {"softsign", kX, activation, "softsign"},
    {"silu swish", "x|features beta", swish, ""},
    {"mish", kX, activation, "mish"},
    {"exponential", kX, activation, "exponential"},
    {"linear", kX, activation, "linear"},
    {"log_sigmoid", kX, activation, "log_sigmoid"},
    {"hard_sigmoid", kX, activation, "hard_sigmoid"},
    {"hard_silu hard_swish", kX, activation, "hard_silu"},
    {"hard_tanh", kX, activation, "hard_tanh"},
    {"tanh_shrink", kX, activation, "tanh_shrink"},
    {"sparse_plus", kX, activation, "sparse_plus"},
    {"sparse_sigmoid", kX, activation, "sparse_sigmoid"},
    {"leaky_relu", "x|features slope|negative_slope|alpha", leaky_relu, ""},
    {"elu", "x|features alpha", with_alpha, "elu"},
    {"celu", "x alpha", with_alpha, "celu"},
    {"soft_shrink", "x threshold", with_threshold, "soft_shrink"},
    {"hard_shrink", "x threshold", with_threshold, "hard_shrink"},
    {"squareplus", "x b", squareplus, ""},
    {"gelu", "x|features approximate", gelu, ""},
    {"threshold", "x threshold value|default_value", threshold_of, ""},
    {"glu", "x axis", glu_of, ""},
    {"softmax softmax_v2", "x|logits axis|dim", softmax_of, ""},
    {"log_softmax", "x|logits axis|dim", one_axis, "log_softmax"},
    {"sparsemax", "x axis", one_axis, "sparsemax"},
    {"bias_add", "x|value bias data_format", bias_add, ""},
    {"normalize l2_normalize", "x axis|dim order epsilon", normalize, ""},
    {"batch_norm batch_normalization", "x mean variance offset scale epsilon|variance_epsilon axis",
     batch_norm, ""},
    {"layer_norm layer_normalization", "x gamma beta axis epsilon rms_scaling", layer_norm, ""},
    {"rms_norm rms_normalization", "x gamma|scale axis epsilon", layer_norm, "rms"},
    {"conv conv1d conv2d conv3d convolution conv2_d conv3_d",
     "x|inputs|input|value kernel|filters|filter strides|stride padding data_format dilations|dilation_rate",
     conv, ""},
    {"depthwise_conv depthwise_conv2d depthwise_conv2d_native",
     "x|inputs|input kernel|filter strides padding data_format dilations|dilation_rate", depthwise_conv, ""},
    {"separable_conv separable_conv2d",
     "x|inputs|input kernel|depthwise_kernel|depthwise_filter pointwise|pointwise_kernel|pointwise_filter "
     "strides padding "
     "data_format dilations|dilation_rate|rate",
     depthwise_conv, ""},
    {"max_pool max_pool1d max_pool2d max_pool3d max_pool3_d",
     "x|inputs|input window|pool_size|ksize strides padding data_format", pool, "max_pool"},
    {"average_pool avg_pool avg_pool1d avg_pool2d avg_pool3d avg_pool3_d",
     "x|inputs|input|value window|pool_size|ksize strides padding data_format", pool, "avg_pool"},
    {"depth_to_space", "x|input block|block_size data_format", rearrange, "depth_to_space"},
    {"space_to_depth", "x|input block|block_size data_format", rearrange, "space_to_depth"},
    {"resize resize_images_v2",
     "x|images size method|interpolation preserve_aspect_ratio antialias crop_to_aspect_ratio "
     "pad_to_aspect_ratio fill_mode fill_value data_format",
     resize, ""},
    {"resize_bilinear", "x|images size align_corners half_pixel|half_pixel_centers", resize, "bilinear"},
    {"resize_nearest_neighbor", "x|images size align_corners half_pixel|half_pixel_centers", resize,
     "nearest"},
    {"rgb_to_grayscale", "x|images data_format", rgb_to_grayscale, ""},
    {"dot_product_attention",
     "query key value bias mask scale is_causal flash_attention soft_cap|attn_logits_soft_cap", attention,
     ""},
};

}  // namespace

std::span<const Operator> nn_operators() {
  return kOperators;
}

}  // namespace cornu::layers
