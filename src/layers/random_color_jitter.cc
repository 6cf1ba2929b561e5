// RandomColorJitter: changes brightness, contrast, saturation and hue at random while training; y = x when predicting.
// Keras   RandomColorJitter (3)
// Input   x  images [..., height, width, channels]      Output  y = x      Weights  none
// Source  keras/src/layers/preprocessing/image_preprocessing/random_color_jitter.py, 3.15
#include "layers/common_augmentation.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  return lower_augmentation(
      call, {"value_range", "brightness_factor", "contrast_factor", "saturation_factor", "hue_factor"},
      call.dialect.keras_major >= 3 ? Integers::stay : Integers::become_floating);
}

}  // namespace

CORNU_LAYER(random_color_jitter) = {.keras_names = {"RandomColorJitter"}, .lower = lower};

}  // namespace cornu::layers
