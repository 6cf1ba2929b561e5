// LocallyConnected1D: a convolution whose kernel differs from position to position; padding valid.
// Keras   LocallyConnected1D of Keras 1 and 2 (Keras 1: nb_filter, filter_length, subsample_length,
//         border_mode, bias)
// Input   x [batch, steps, channels], or [batch, channels, steps] under channels_first; sizes known
// Output  y the same with `filters` channels and smaller sizes
// Weights kernel (positions, elements of the window * channels, filters), bias (positions of y, filters)
// Errors  bad_config for sizes below 1; bad_shape if x has unknown sizes or is smaller than the kernel;
//         unsupported for implementations 2 and 3 and windows of more than 4096 elements
// Source  tf_keras/src/layers/locally_connected/locally_connected1d.py, 2.21
#include "layers/common_locally_connected.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  return lower_locally_connected(call, 1);
}

}  // namespace

CORNU_LAYER(locally_connected1d) = {
    .keras_names = {"LocallyConnected1D"}, .lower = lower, .from_legacy = locally_connected_from_legacy};

}  // namespace cornu::layers
