// RandomShear: shears images at random while training; y = x when predicting.
// Keras   RandomShear (3)
// Input   x  images [..., height, width, channels]      Output  y = x in the layer's dtype      Weights  none
// Source  keras/src/layers/preprocessing/image_preprocessing/random_shear.py, 3.15
#include "layers/common_augmentation.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  return lower_augmentation(call, {"x_factor", "y_factor", "fill_mode", "interpolation", "fill_value"},
                            Integers::become_floating);
}

}  // namespace

CORNU_LAYER(random_shear) = {.keras_names = {"RandomShear"}, .lower = lower};

}  // namespace cornu::layers
