// ZeroPadding2D: zeros around the spatial axes; padding is one integer, one per axis, or pairs; Keras 1 also
// four integers or {"top_pad": ...}.
// Keras   ZeroPadding2D (Keras 1: dim_ordering)
// Input   x [batch, height, width, channels], or [batch, channels, height, width] under channels_first;
//         sizes may be unknown
// Output  y the same with larger sizes
// Errors  bad_config for a negative or malformed padding; bad_shape for another number of axes
// Source  keras/src/layers/reshaping/zero_padding2d.py, 3.15
#include "layers/common_sides.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  return lower_zero_padding(call, 2);
}

}  // namespace

CORNU_LAYER(zero_padding2d) = {.keras_names = {"ZeroPadding2D"}, .lower = lower};

}  // namespace cornu::layers
