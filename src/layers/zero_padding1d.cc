// ZeroPadding1D: zeros around the spatial axes; padding is one integer or (left, right); Keras 1 also
// {"left_pad": ...}.
// Keras   ZeroPadding1D (Keras 1: dim_ordering)
// Input   x [batch, steps, channels], or [batch, channels, steps] under channels_first; sizes may be unknown
// Output  y the same with larger sizes
// Errors  bad_config for a negative or malformed padding; bad_shape for another number of axes
// Source  keras/src/layers/reshaping/zero_padding1d.py, 3.15
#include "layers/common_sides.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  return lower_zero_padding(call, 1);
}

}  // namespace

CORNU_LAYER(zero_padding1d) = {.keras_names = {"ZeroPadding1D"}, .lower = lower};

}  // namespace cornu::layers
