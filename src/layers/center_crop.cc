// CenterCrop: the middle height x width of images; images that are smaller are cut to these proportions and resampled.
// Keras   CenterCrop (tf.keras 2.3 on, 3)
// Input   x  [batch, height, width, channels] or one image, or channels first; any number
// Output  y  the same with the new sizes, in the layer's dtype
// Errors  bad_config for a size below 1
// Source  keras/src/layers/preprocessing/image_preprocessing/center_crop.py, 3.15
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
  settings.channels_first = config.channels_first();
  settings.method = "bilinear";
  settings.fit = "center";
  config.raw({"bounding_box_format"});
  return {g.cast(resize_images(call, g.cast(call.in[0], call.compute_dtype), settings), call.compute_dtype)};
}

}  // namespace

CORNU_LAYER(center_crop) = {.keras_names = {"CenterCrop"}, .lower = lower};

}  // namespace cornu::layers
