// RandomPerspective: changes the perspective at random while training; y = x when predicting.
// Keras   RandomPerspective (3)
// Input   x  images [..., height, width, channels]      Output  y = x in the layer's dtype      Weights  none
// Source  keras/src/layers/preprocessing/image_preprocessing/random_perspective.py, 3.15
#include "layers/common_augmentation.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  return lower_augmentation(call, {"factor", "scale", "interpolation", "fill_value"},
                            Integers::become_floating);
}

}  // namespace

CORNU_LAYER(random_perspective) = {.keras_names = {"RandomPerspective"}, .lower = lower};

}  // namespace cornu::layers
