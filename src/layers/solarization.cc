// Solarization: inverts pixels above a threshold at random while training; y = x when predicting.
// Keras   Solarization (3)
// Input   x  images [..., height, width, channels]      Output  y = x in the layer's dtype      Weights  none
// Source  keras/src/layers/preprocessing/image_preprocessing/solarization.py, 3.15
#include "layers/common_augmentation.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  return lower_augmentation(call, {"value_range", "addition_factor", "threshold_factor"},
                            Integers::become_floating);
}

}  // namespace

CORNU_LAYER(solarization) = {.keras_names = {"Solarization"}, .lower = lower};

}  // namespace cornu::layers
