// AdaptiveAveragePooling1D: the mean of as many windows as the output is to have elements: window i of n reaches from
// floor(i size / n) to ceil((i + 1) size / n).
// Keras   AdaptiveAveragePooling1D (3.13 on)
// Input   x [batch, steps, channels], or channels after the batch under channels_first; sizes must be known
// Output  y the same with the sizes output_size
// Errors  bad_config for sizes below 1; bad_shape for another rank or unknown sizes
// Source  keras/src/layers/pooling/adaptive_average_pooling1d.py, 3.15
#include "layers/common_pooling.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  return lower_adaptive_pool(call, 1, "avg_pool");
}

}  // namespace

CORNU_LAYER(adaptive_average_pooling1d) = {.keras_names = {"AdaptiveAveragePooling1D"}, .lower = lower};

}  // namespace cornu::layers
