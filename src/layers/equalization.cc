// Equalization: spreads the values of each channel evenly while training; y = x when predicting.
// Keras   Equalization (3)
// Input   x  images [..., height, width, channels]      Output  y = x      Weights  none
// Source  keras/src/layers/preprocessing/image_preprocessing/equalization.py, 3.15
#include "layers/common_augmentation.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  return lower_augmentation(call, {"bins", "value_range", "factor"}, Integers::stay);
}

}  // namespace

CORNU_LAYER(equalization) = {.keras_names = {"Equalization"}, .lower = lower};

}  // namespace cornu::layers
