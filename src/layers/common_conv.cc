// See common_conv.h. Source: keras/src/layers/convolutional/base_conv.py, base_depthwise_conv.py,
// base_separable_conv.py, 3.15; Keras 1 spellings: keras/layers/convolutional.py, 1.2
#include "layers/common_conv.h"

#include <algorithm>

namespace cornu::layers {
namespace {

constexpr Range kCount{1, INT32_MAX};

// Keras 1 named each size of its kernels.
Ints kernel_size(const LayerConfig& config, int spatial) {
  if (spatial == 2 && config.has({"nb_row"}))
    return {config.integer({"nb_row"}, kCount), config.integer({"nb_col"}, kCount)};
  if (spatial == 3 && config.has({"kernel_dim1"})) {
    return {config.integer({"kernel_dim1"}, kCount), config.integer({"kernel_dim2"}, kCount),
            config.integer({"kernel_dim3"}, kCount)};
  }
  if (!config.is_set({"kernel_size", "filter_length"})) {
    config.fail_value("kernel_size", config.raw({"kernel_size"}), "an integer or one per axis");
  }
  return config.spatial({"kernel_size", "filter_length"}, spatial, 1);
}

bool above_one(const Ints& values) {
  return std::any_of(values.begin(), values.end(), [](int64_t value) { return value > 1; });
}

// Whether the activation treats every element alike, so that it may be applied in another layout. Layers may
// hold weights that are shaped like their input.
bool is_elementwise(const Json& activation) {
  const Json name = activation.is_object() ? activation["config"] : activation;
  if (!name.is_string()) return !activation.exists() || activation.is_null();
  const std::string_view text = name.string();
  return text != "softmax" && text != "log_softmax" && text != "sparsemax" && text != "glu";
}

Shape kernel_shape(const ConvSettings& settings, int64_t in, int64_t out) {
  Shape shape{std::span<const int64_t>(settings.kernel)};
  shape.push_back(in);
  shape.push_back(out);
  return shape;
}

int64_t product_of(const LayerCall& call, int64_t channels, int64_t multiplier) {
  int64_t product = 0;
  if (__builtin_mul_overflow(channels, multiplier, &product)) {
    call.fail(ErrorCode::bad_config, "depth_multiplier {} for {} channels is too large", multiplier,
              channels);
  }
  return product;
}

// A kernel that hangs over the input gives nothing to compute. Sizes that are unknown here are checked by the
// op.
void check_kernel_fits(const LayerCall& call, const ConvSettings& settings) {
  const Shape& x = call.g.shape(call.in[0]);
  const int first = settings.channels_first ? 2 : x.rank() - settings.spatial - 1;
  for (int i = 0; settings.padding == "valid" && i < settings.spatial; ++i) {
    const auto k = static_cast<size_t>(i);
    const int64_t reach = (settings.kernel[k] - 1) * settings.dilations[k] + 1;
    if (x[first + i] != Shape::kUnknown && x[first + i] < reach) {
      call.fail(ErrorCode::bad_config,
                "kernel_size {} with dilation_rate {} reaches over {} elements, axis {} of {} has fewer",
                settings.kernel[k], settings.dilations[k], reach, first + i, x.to_string());
    }
  }
}

// x (batch, channels) per group: y = depthwise kernel (spatial..., channels, multiplier) over x.
Value depthwise(LayerCall& call, const ConvSettings& settings, const char* name, int64_t channels,
                int64_t multiplier) {
  check_kernel_fits(call, settings);
  const Value x = conv_input(call, settings);
  const Value stored = call.weight(name, kernel_shape(settings, channels, multiplier));
  Ints grouped = settings.kernel;
  grouped.push_back(1);
  grouped.push_back(product_of(call, channels, multiplier));
  return convolve(call.g, settings, x, call.g.reshape(stored, grouped), channels);
}

}  // namespace

ConvSettings conv_settings(const LayerCall& call, int spatial) {
  const LayerConfig& config = call.config;
  ConvSettings settings;
  settings.spatial = spatial;
  settings.kernel = kernel_size(config, spatial);
  settings.strides = config.spatial({"strides", "subsample", "subsample_length"}, spatial, 1);
  settings.dilations = config.spatial({"dilation_rate", "atrous_rate"}, spatial, 1);
  settings.padding = spatial == 1
                         ? config.choice({"padding", "border_mode"}, "valid", {"valid", "same", "causal"})
                         : config.choice({"padding", "border_mode"}, "valid", {"valid", "same"});
  settings.channels_first = config.channels_first();
  if (above_one(settings.strides) && above_one(settings.dilations)) {
    config.fail_value("dilation_rate", config.raw({"dilation_rate", "atrous_rate"}),
                      "1 where strides are above 1");
  }
  call.expect_inputs(1);
  const Shape& shape = call.g.shape(call.in[0]);
  if (shape.rank() < spatial + 2 || (settings.channels_first && shape.rank() != spatial + 2)) {
    call.fail(ErrorCode::bad_shape, "{} takes an input of {} axes, received shape {}", call.layer.class_name,
              spatial + 2, shape.to_string());
  }
  return settings;
}

Value conv_input(LayerCall& call, const ConvSettings& settings) {
  GraphBuilder& g = call.g;
  Value x = call.in[0];
  if (settings.channels_first) x = channels_to_end(g, x);
  const int extra = g.rank(x) - settings.spatial - 2;
  if (extra > 0) {
    Ints merged{-1};
    for (int axis = extra + 1; axis < g.rank(x); ++axis) {
      if (g.shape(x)[axis] < 1) {
        call.fail(ErrorCode::bad_shape, "{} over more than {} axes needs known sizes, received {}",
                  call.layer.class_name, settings.spatial + 2, g.shape(x).to_string());
      }
      merged.push_back(g.shape(x)[axis]);
    }
    x = g.reshape(x, merged);
  }
  if (settings.padding == "causal") {
    const int64_t before = settings.dilations[0] * (settings.kernel[0] - 1);
    x = g.op("pad", {x}, {{"padding", Ints{0, 0, before, 0, 0, 0}}, {"mode", std::string("constant")}});
  }
  return x;
}

Value convolve(GraphBuilder& g, const ConvSettings& settings, Value x, Value kernel, int64_t groups) {
  const std::string auto_pad = settings.padding == "causal" ? "valid" : settings.padding;
  return g.op("conv", {x, kernel},
              {{"strides", settings.strides},
               {"dilations", settings.dilations},
               {"auto_pad", auto_pad},
               {"groups", groups}});
}

std::vector<Value> conv_output(LayerCall& call, const ConvSettings& settings, Value y) {
  GraphBuilder& g = call.g;
  if (call.config.flag({"use_bias", "bias"}, true))
    y = g.op("add", {y, call.weight("bias", {g.shape(y).back()})});
  const Json activation = call.config.raw({"activation"});
  const bool before_layout = is_elementwise(activation);
  if (before_layout) y = call.activate(y, activation);
  const Shape& in = g.shape(call.in[0]);
  const int extra = in.rank() - g.rank(y);
  if (extra > 0) {
    Ints split{-1};
    for (int axis = 1; axis <= extra; ++axis) split.push_back(in[axis]);
    for (int axis = 1; axis < g.rank(y); ++axis) split.push_back(g.shape(y)[axis]);
    if (std::count(split.begin(), split.end(), Shape::kUnknown) > 1) {
      call.fail(ErrorCode::bad_shape, "{} over more than {} axes needs known sizes, received {}",
                call.layer.class_name, settings.spatial + 2, in.to_string());
    }
    y = g.reshape(y, split);
  }
  if (settings.channels_first) y = channels_to_front(g, y);
  return {before_layout ? y : call.activate(y, activation)};
}

std::vector<Value> lower_conv(LayerCall& call, int spatial) {
  const ConvSettings settings = conv_settings(call, spatial);
  const int64_t filters = call.config.integer({"filters", "nb_filter"}, kCount);
  const int64_t groups = call.config.integer({"groups"}, 1, kCount);
  const int64_t channels = channel_count(call, settings.channels_first);
  check_kernel_fits(call, settings);
  if (channels % groups != 0 || filters % groups != 0) {
    call.config.fail_value(
        "groups", call.config.raw({"groups"}),
        fmt::format("a divisor of the {} input channels and of the {} filters", channels, filters));
  }
  const Value x = conv_input(call, settings);
  const Value kernel = call.weight("kernel", kernel_shape(settings, channels / groups, filters));
  return conv_output(call, settings, convolve(call.g, settings, x, kernel, groups));
}

std::vector<Value> lower_depthwise_conv(LayerCall& call, int spatial) {
  const ConvSettings settings = conv_settings(call, spatial);
  const int64_t multiplier = call.config.integer({"depth_multiplier"}, 1, kCount);
  const int64_t channels = channel_count(call, settings.channels_first);
  call.config.raw({"groups"});  // tf.keras wrote its base class's arguments, which this layer never used
  call.config.raw({"filters"});
  return conv_output(call, settings, depthwise(call, settings, "kernel", channels, multiplier));
}

std::vector<Value> lower_separable_conv(LayerCall& call, int spatial) {
  const ConvSettings settings = conv_settings(call, spatial);
  const int64_t filters = call.config.integer({"filters", "nb_filter"}, kCount);
  const int64_t multiplier = call.config.integer({"depth_multiplier"}, 1, kCount);
  const int64_t channels = channel_count(call, settings.channels_first);
  call.config.raw({"groups"});  // tf.keras wrote its base class's argument, which this layer never used
  const Value x = depthwise(call, settings, "depthwise_kernel", channels, multiplier);
  ConvSettings point = settings;
  const auto axes = static_cast<size_t>(spatial);
  point.kernel = point.strides = point.dilations = Ints(axes, 1);
  point.padding = "valid";
  const Value kernel =
      call.weight("pointwise_kernel", kernel_shape(point, product_of(call, channels, multiplier), filters));
  return conv_output(call, settings, convolve(call.g, point, x, kernel, 1));
}

}  // namespace cornu::layers
