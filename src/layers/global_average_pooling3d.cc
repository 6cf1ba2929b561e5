// GlobalAveragePooling3D: the mean of the elements of each channel.
// Keras   GlobalAveragePooling3D, keepdims since 2.6
// Input   x [batch, depth, height, width, channels], or [batch, channels, depth, height, width] under
//         channels_first; sizes may be unknown
// Output  y [batch, channels], or with sizes 1 under keepdims
// Errors  bad_shape for another number of axes
// Source  keras/src/layers/pooling/global_average_pooling3d.py, 3.15
#include "layers/common_pooling.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  return lower_global_pool(call, 3, "reduce_mean");
}

}  // namespace

CORNU_LAYER(global_average_pooling3d) = {.keras_names = {"GlobalAveragePooling3D", "GlobalAvgPool3D"},
                                         .lower = lower};

}  // namespace cornu::layers
