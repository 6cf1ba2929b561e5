// CutMix: swaps patches among images at random while training; y = x when predicting.
// Keras   CutMix (3)
// Input   x  images [..., height, width, channels]      Output  y = x in the layer's dtype      Weights  none
// Source  keras/src/layers/preprocessing/image_preprocessing/cut_mix.py, 3.15
#include "layers/common_augmentation.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  return lower_augmentation(call, {"factor"}, Integers::become_floating);
}

}  // namespace

CORNU_LAYER(cut_mix) = {.keras_names = {"CutMix"}, .lower = lower};

}  // namespace cornu::layers
