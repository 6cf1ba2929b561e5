// ZeroPadding3D: zeros around the spatial axes; padding is one integer, one per axis, or pairs.
// Keras   ZeroPadding3D (Keras 1: dim_ordering)
// Input   x [batch, depth, height, width, channels], or [batch, channels, depth, height, width] under
//         channels_first; sizes may be unknown
// Output  y the same with larger sizes
// Errors  bad_config for a negative or malformed padding; bad_shape for another number of axes
// Source  keras/src/layers/reshaping/zero_padding3d.py, 3.15
#include "layers/common_sides.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  return lower_zero_padding(call, 3);
}

}  // namespace

CORNU_LAYER(zero_padding3d) = {.keras_names = {"ZeroPadding3D"}, .lower = lower};

}  // namespace cornu::layers
