// RandomHue: changes the hue of images at random while training; y = x when predicting.
// Keras   RandomHue (3)
// Input   x  images [..., height, width, channels]      Output  y = x      Weights  none
// Source  keras/src/layers/preprocessing/image_preprocessing/random_hue.py, 3.15
#include "layers/common_augmentation.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  return lower_augmentation(call, {"factor", "value_range"},
                            call.dialect.keras_major >= 3 ? Integers::stay : Integers::become_floating);
}

}  // namespace

CORNU_LAYER(random_hue) = {.keras_names = {"RandomHue"}, .lower = lower};

}  // namespace cornu::layers
