// RandomZoom: zooms into or out of images at random while training; y = x when predicting.
// Keras   RandomZoom (tf.keras 2.3 on, 3)
// Input   x  images [..., height, width, channels]      Output  y = x in the layer's dtype      Weights  none
// Source  keras/src/layers/preprocessing/image_preprocessing/random_zoom.py, 3.15
#include "layers/common_augmentation.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  return lower_augmentation(call,
                            {"height_factor", "width_factor", "fill_mode", "interpolation", "fill_value"},
                            Integers::become_floating);
}

}  // namespace

CORNU_LAYER(random_zoom) = {.keras_names = {"RandomZoom"}, .lower = lower};

}  // namespace cornu::layers
