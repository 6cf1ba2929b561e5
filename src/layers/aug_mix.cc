// AugMix: mixes chains of augmentations of an image at random while training; y = x when predicting.
// Keras   AugMix (3)
// Input   x  images [..., height, width, channels]      Output  y = x in the layer's dtype      Weights  none
// Source  keras/src/layers/preprocessing/image_preprocessing/aug_mix.py, 3.15
#include "layers/common_augmentation.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  return lower_augmentation(
      call, {"value_range", "num_chains", "chain_depth", "factor", "alpha", "all_ops", "interpolation"},
      Integers::become_floating);
}

}  // namespace

CORNU_LAYER(aug_mix) = {.keras_names = {"AugMix"}, .lower = lower};

}  // namespace cornu::layers
