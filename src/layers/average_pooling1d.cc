// AveragePooling1D: the mean of the elements of each window; padding does not count.
// Keras   AveragePooling1D (Keras 1: pool_length, stride, border_mode)
// Input   x [batch, steps, channels], or [batch, channels, steps] under channels_first; sizes may be unknown
// Output  y the same with smaller sizes
// Errors  bad_config for sizes below 1; bad_config if a window without padding is larger than x
// Source  keras/src/layers/pooling/average_pooling1d.py, 3.15
#include "layers/common_pooling.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  return lower_pool(call, 1, "avg_pool");
}

}  // namespace

CORNU_LAYER(average_pooling1d) = {.keras_names = {"AveragePooling1D", "AvgPool1D"}, .lower = lower};

}  // namespace cornu::layers
