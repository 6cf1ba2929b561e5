// RandomTranslation: moves images at random while training; y = x when predicting.
// Keras   RandomTranslation (tf.keras 2.3 on, 3)
// Input   x  images [..., height, width, channels]      Output  y = x in the layer's dtype      Weights  none
// Source  keras/src/layers/preprocessing/image_preprocessing/random_translation.py, 3.15
#include "layers/common_augmentation.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  return lower_augmentation(call,
                            {"height_factor", "width_factor", "fill_mode", "interpolation", "fill_value"},
                            Integers::become_floating);
}

}  // namespace

CORNU_LAYER(random_translation) = {.keras_names = {"RandomTranslation"}, .lower = lower};

}  // namespace cornu::layers
