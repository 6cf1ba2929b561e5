// RandomBrightness: makes images brighter or darker at random while training; y = x when predicting.
// Keras   RandomBrightness (tf.keras 2.3 on, 3)
// Input   x  images [..., height, width, channels]      Output  y = x (tf.keras: in the layer's dtype)      Weights  none
// Source  keras/src/layers/preprocessing/image_preprocessing/random_brightness.py, 3.15
#include "layers/common_augmentation.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  return lower_augmentation(call, {"factor", "value_range"},
                            call.dialect.keras_major >= 3 ? Integers::stay : Integers::become_floating);
}

}  // namespace

CORNU_LAYER(random_brightness) = {.keras_names = {"RandomBrightness"}, .lower = lower};

}  // namespace cornu::layers
