// MixUp: mixes pairs of images at random while training; y = x when predicting.
// Keras   MixUp (3)
// Input   x  images [..., height, width, channels]      Output  y = x      Weights  none
// Source  keras/src/layers/preprocessing/image_preprocessing/mix_up.py, 3.15
#include "layers/common_augmentation.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  return lower_augmentation(call, {"alpha"},
                            call.dialect.keras_major >= 3 ? Integers::stay : Integers::become_floating);
}

}  // namespace

CORNU_LAYER(mix_up) = {.keras_names = {"MixUp"}, .lower = lower};

}  // namespace cornu::layers
