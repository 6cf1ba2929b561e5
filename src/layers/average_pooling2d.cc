// AveragePooling2D: the mean of the elements of each window; padding does not count.
// Keras   AveragePooling2D (Keras 1: border_mode, dim_ordering)
// Input   x [batch, height, width, channels], or [batch, channels, height, width] under channels_first;
//         sizes may be unknown
// Output  y the same with smaller sizes
// Errors  bad_config for sizes below 1; bad_shape if a window without padding is larger than x
// Source  keras/src/layers/pooling/average_pooling2d.py, 3.15
#include "layers/common_pooling.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  return lower_pool(call, 2, "avg_pool");
}

}  // namespace

CORNU_LAYER(average_pooling2d) = {.keras_names = {"AveragePooling2D", "AvgPool2D"}, .lower = lower};

}  // namespace cornu::layers
