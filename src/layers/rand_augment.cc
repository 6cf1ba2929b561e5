// RandAugment: applies some augmentations chosen at random at random while training; y = x when predicting.
// Keras   RandAugment (3)
// Input   x  images [..., height, width, channels]      Output  y = x in the layer's dtype      Weights  none
// Source  keras/src/layers/preprocessing/image_preprocessing/rand_augment.py, 3.15
#include "layers/common_augmentation.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  return lower_augmentation(call, {"value_range", "num_ops", "factor", "interpolation"},
                            Integers::become_floating);
}

}  // namespace

CORNU_LAYER(rand_augment) = {.keras_names = {"RandAugment"}, .lower = lower};

}  // namespace cornu::layers
