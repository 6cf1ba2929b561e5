// RandomHeight: changes the height of images at random while training; y = x when predicting.
// Keras   RandomHeight (tf.keras 2.3 to 2.15)
// Input   x  images [..., height, width, channels]      Output  y = x      Weights  none
// Source  tf_keras/src/layers/preprocessing/image_preprocessing.py, 2.21
#include "layers/common_augmentation.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  return lower_augmentation(call, {"factor", "interpolation"}, Integers::stay);
}

}  // namespace

CORNU_LAYER(random_height) = {.keras_names = {"RandomHeight"}, .lower = lower};

}  // namespace cornu::layers
