// What the layers that change images at random while training share: they do nothing when predicting.
#pragma once

#include "layers/layer.h"

namespace cornu::layers {

enum class Integers { become_floating, stay };  // what the layer makes of integer images in Keras 3

// The inputs in the compute dtype, or as they are. `keys` are the layer's arguments, which only training uses.
std::vector<Value> lower_augmentation(LayerCall& call, Keys keys, Integers integers);

}  // namespace cornu::layers
