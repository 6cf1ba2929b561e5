// GlobalAveragePooling1D: the mean of the elements of each channel; masked steps do not count.
// Keras   GlobalAveragePooling1D, keepdims since 2.6
// Input   x [batch, steps, channels], or [batch, channels, steps] under channels_first; sizes may be unknown
// Output  y [batch, channels], or with sizes 1 under keepdims
// Errors  bad_shape for another number of axes
// Source  keras/src/layers/pooling/global_average_pooling1d.py, 3.15
#include "layers/common_pooling.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  return lower_masked_mean(call);
}

}  // namespace

CORNU_LAYER(global_average_pooling1d) = {.keras_names = {"GlobalAveragePooling1D", "GlobalAvgPool1D"},
                                         .lower = lower};

}  // namespace cornu::layers
