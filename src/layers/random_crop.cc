// RandomCrop: a random part of images while training; when predicting y = x, in tf.keras x cut to the proportions of
// height x width and resampled to them.
// Keras   RandomCrop (tf.keras 2.3 on, 3)
// Input   x  [batch, height, width, channels] or one image      Output  y, in tf.keras in the layer's dtype
// Errors  bad_config for a size below 1
// Source  keras/src/layers/preprocessing/image_preprocessing/random_crop.py, 3.15;
//         tf_keras/src/layers/preprocessing/image_preprocessing.py, 2.21
#include "layers/common_augmentation.h"
#include "layers/common_resizing.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  constexpr Range kSize{1, INT32_MAX};
  ResizeSettings settings;
  settings.size = {call.config.integer({"height"}, kSize), call.config.integer({"width"}, kSize)};
  const std::vector<Value> images = lower_augmentation(
      call, {}, call.dialect.keras_major >= 3 ? Integers::stay : Integers::become_floating);
  if (call.dialect.keras_major >= 3) return images;
  settings.method = "bilinear";
  settings.fit = "crop";
  return {call.g.cast(resize_images(call, images[0], settings), call.compute_dtype)};
}

}  // namespace

CORNU_LAYER(random_crop) = {.keras_names = {"RandomCrop"}, .lower = lower};

}  // namespace cornu::layers
