// MaxPooling3D: the largest element of each window.
// Keras   MaxPooling3D (Keras 1: border_mode, dim_ordering)
// Input   x [batch, depth, height, width, channels], or [batch, channels, depth, height, width] under
//         channels_first; sizes may be unknown
// Output  y the same with smaller sizes
// Errors  bad_config for sizes below 1; bad_config if a window without padding is larger than x
// Source  keras/src/layers/pooling/max_pooling3d.py, 3.15
#include "layers/common_pooling.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  return lower_pool(call, 3, "max_pool");
}

}  // namespace

CORNU_LAYER(max_pooling3d) = {.keras_names = {"MaxPooling3D", "MaxPool3D"}, .lower = lower};

}  // namespace cornu::layers
