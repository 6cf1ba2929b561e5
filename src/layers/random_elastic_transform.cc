// RandomElasticTransform: displaces pixels at random while training; y = x when predicting.
// Keras   RandomElasticTransform (3)
// Input   x  images [..., height, width, channels]      Output  y = x in the layer's dtype      Weights  none
// Source  keras/src/layers/preprocessing/image_preprocessing/random_elastic_transform.py, 3.15
#include "layers/common_augmentation.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  return lower_augmentation(call,
                            {"factor", "scale", "interpolation", "fill_mode", "fill_value", "value_range"},
                            Integers::become_floating);
}

}  // namespace

CORNU_LAYER(random_elastic_transform) = {.keras_names = {"RandomElasticTransform"}, .lower = lower};

}  // namespace cornu::layers
