// MaxPooling1D: the largest element of each window.
// Keras   MaxPooling1D (Keras 1: pool_length, stride, border_mode)
// Input   x [batch, steps, channels], or [batch, channels, steps] under channels_first; sizes may be unknown
// Output  y the same with smaller sizes
// Errors  bad_config for sizes below 1; bad_config if a window without padding is larger than x
// Source  keras/src/layers/pooling/max_pooling1d.py, 3.15
#include "layers/common_pooling.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  return lower_pool(call, 1, "max_pool");
}

}  // namespace

CORNU_LAYER(max_pooling1d) = {.keras_names = {"MaxPooling1D", "MaxPool1D"}, .lower = lower};

}  // namespace cornu::layers
