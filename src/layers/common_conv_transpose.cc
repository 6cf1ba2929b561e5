// Transposed convolutions. See common_conv.h. Source:
// keras/src/layers/convolutional/base_conv_transpose.py, 3.15; output_shape: Deconvolution2D of
// keras/layers/convolutional.py, 1.2
#include "layers/common_conv.h"

namespace cornu::layers {
namespace {

// Keras 1's Deconvolution2D names the whole output shape. As output padding: what comes on top of the size
// that a window over the output needs to give the input, (in - 1) * stride + kernel, less the padding that
// "same" takes.
Ints padding_from_output_shape(const LayerCall& call, const ConvSettings& settings) {
  const Shape wanted = call.config.shape({"output_shape"});
  const Shape& in = call.g.shape(call.in[0]);
  if (wanted.rank() != in.rank()) {
    call.config.fail_value("output_shape", call.config.raw({"output_shape"}),
                           fmt::format("{} sizes", in.rank()));
  }
  Ints padding;
  for (int i = 0; i < settings.spatial; ++i) {
    const auto k = static_cast<size_t>(i);
    const int axis = settings.channels_first ? i + 2 : i + 1;
    if (in[axis] == Shape::kUnknown || wanted[axis] == Shape::kUnknown) return {};
    const int64_t window = settings.padding == "same" ? settings.kernel[k] % 2 : settings.kernel[k];
    const int64_t rest = wanted[axis] - window - (in[axis] - 1) * settings.strides[k];
    if (rest < 0 || rest >= settings.strides[k]) {
      call.config.fail_value(
          "output_shape", call.config.raw({"output_shape"}),
          fmt::format("sizes that a convolution with these strides maps to {}", in.to_string()));
    }
    padding.push_back(rest);
  }
  return padding;
}

Ints output_padding(const LayerCall& call, const ConvSettings& settings) {
  const LayerConfig& config = call.config;
  if (config.is_set({"output_shape"})) return padding_from_output_shape(call, settings);
  if (!config.is_set({"output_padding"})) return {};
  const Ints padding = config.spatial({"output_padding"}, settings.spatial, 0, 0);
  for (size_t i = 0; i < padding.size(); ++i) {
    if (padding[i] >= settings.strides[i]) {
      config.fail_value("output_padding", config.raw({"output_padding"}), "less than the strides");
    }
  }
  return padding;
}

}  // namespace

std::vector<Value> lower_conv_transpose(LayerCall& call, int spatial) {
  const ConvSettings settings = conv_settings(call, spatial);
  const int64_t filters = call.config.integer({"filters", "nb_filter"}, {1, INT32_MAX});
  const int64_t channels = channel_count(call, settings.channels_first);
  call.config.raw({"groups"});  // tf.keras wrote its base class's argument, which this layer never used
  if (settings.padding == "causal")
    call.config.fail_value("padding", call.config.raw({"padding"}), "one of valid, same");
  Attrs attrs{
      {"strides", settings.strides}, {"dilations", settings.dilations}, {"auto_pad", settings.padding}};
  const Ints extra = output_padding(call, settings);
  if (!extra.empty()) attrs.set("output_padding", extra);
  const Value x = conv_input(call, settings);
  Shape kernel{std::span<const int64_t>(settings.kernel)};
  kernel.push_back(filters);
  kernel.push_back(channels);
  return conv_output(call, settings, call.g.op("conv_transpose", {x, call.weight("kernel", kernel)}, attrs));
}

}  // namespace cornu::layers
