// Cropping2D: x without its outermost elements; cropping is one integer, one per axis, or pairs.
// Keras   Cropping2D (Keras 1: dim_ordering)
// Input   x [batch, height, width, channels], or [batch, channels, height, width] under channels_first;
//         sizes may be unknown
// Output  y the same with smaller sizes
// Errors  bad_config for a negative or malformed cropping; bad_shape if nothing is left
// Source  keras/src/layers/reshaping/cropping2d.py, 3.15
#include "layers/common_sides.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  return lower_cropping(call, 2, 0);
}

}  // namespace

CORNU_LAYER(cropping2d) = {.keras_names = {"Cropping2D"}, .lower = lower};

}  // namespace cornu::layers
