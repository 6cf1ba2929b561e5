// RandomSharpness: changes the sharpness of images at random while training; y = x when predicting.
// Keras   RandomSharpness (3)
// Input   x  images [..., height, width, channels]      Output  y = x in the layer's dtype      Weights  none
// Source  keras/src/layers/preprocessing/image_preprocessing/random_sharpness.py, 3.15
#include "layers/common_augmentation.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  return lower_augmentation(call, {"factor", "value_range"}, Integers::become_floating);
}

}  // namespace

CORNU_LAYER(random_sharpness) = {.keras_names = {"RandomSharpness"}, .lower = lower};

}  // namespace cornu::layers
