// GlobalMaxPooling2D: the largest element of each channel.
// Keras   GlobalMaxPooling2D, keepdims since 2.6
// Input   x [batch, height, width, channels], or [batch, channels, height, width] under channels_first;
//         sizes may be unknown
// Output  y [batch, channels], or with sizes 1 under keepdims
// Errors  bad_shape for another number of axes
// Source  keras/src/layers/pooling/global_max_pooling2d.py, 3.15
#include "layers/common_pooling.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  return lower_global_pool(call, 2, "reduce_max");
}

}  // namespace

CORNU_LAYER(global_max_pooling2d) = {.keras_names = {"GlobalMaxPooling2D", "GlobalMaxPool2D"},
                                     .lower = lower};

}  // namespace cornu::layers
