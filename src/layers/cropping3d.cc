// Cropping3D: x without its outermost elements; cropping is one integer, one per axis, or pairs.
// Keras   Cropping3D (Keras 1: dim_ordering)
// Input   x [batch, depth, height, width, channels], or [batch, channels, depth, height, width] under
//         channels_first; sizes may be unknown
// Output  y the same with smaller sizes
// Errors  bad_config for a negative or malformed cropping; bad_config too if nothing is left, but in Keras 1
//         and 2 that is an empty tensor
// Source  keras/src/layers/reshaping/cropping3d.py, 3.15
#include "layers/common_sides.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  return lower_cropping(call, 3, 1);
}

}  // namespace

CORNU_LAYER(cropping3d) = {.keras_names = {"Cropping3D"}, .lower = lower};

}  // namespace cornu::layers
