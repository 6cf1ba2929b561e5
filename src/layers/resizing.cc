// Resizing: images resampled to height x width.
// Keras   Resizing (tf.keras 2.3 on; antialias, pad_to_aspect_ratio, data_format 3)
// Input   x  [batch, height, width, channels] or one image, or channels first; any number
// Output  y  the same with the new sizes, in the type of x (tf.keras: in the layer's dtype); integers are rounded
// Errors  bad_config for a size below 1, an unknown interpolation, both ways of keeping proportions
// Source  keras/src/layers/preprocessing/image_preprocessing/resizing.py, 3.15
#include "layers/common_resizing.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  call.expect_inputs(1);
  const LayerConfig& config = call.config;
  GraphBuilder& g = call.g;
  constexpr Range kSize{1, INT32_MAX};
  ResizeSettings settings;
  settings.size = {config.integer({"height"}, kSize), config.integer({"width"}, kSize)};
  settings.method = config.choice({"interpolation"}, "bilinear",
                                  {"nearest", "bilinear", "bicubic", "lanczos3", "lanczos5", "area"});
  settings.antialias = config.flag({"antialias"}, false);
  settings.channels_first = config.channels_first();
  settings.fill = config.number({"fill_value"}, 0.0);
  config.choice({"fill_mode"}, "constant", {"constant"});
  const bool crops = config.flag({"crop_to_aspect_ratio"}, false);
  const bool pads = config.flag({"pad_to_aspect_ratio"}, false);
  if (crops && pads) {
    config.fail_value("pad_to_aspect_ratio", config.raw({"pad_to_aspect_ratio"}),
                      "false where crop_to_aspect_ratio is true");
  }
  config.raw({"bounding_box_format"});
  settings.fit = crops ? "crop" : pads ? "pad" : "stretch";
  const DType type = g.dtype(call.in[0]);
  const Value y = resize_images(call, call.in[0], settings);
  if (call.dialect.keras_major < 3) return {g.cast(y, call.compute_dtype)};
  return {rounded_to(g, y, type)};
}

}  // namespace

CORNU_LAYER(resizing) = {.keras_names = {"Resizing"}, .lower = lower};

}  // namespace cornu::layers
