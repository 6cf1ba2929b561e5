// Conv3D: y = activation(conv(x, kernel) + bias), padding valid or same.
// Keras   Conv3D (Keras 1: Convolution3D: nb_filter, kernel_dim1 to 3, subsample, border_mode, dim_ordering,
//         bias)
// Input   x [batch, depth, height, width, channels], or [batch, channels, depth, height, width] under
//         channels_first; sizes may be unknown
// Output  y the same with `filters` channels
// Weights kernel (depth, height, width, channels / groups, filters), bias (filters,)
// Errors  bad_config for sizes below 1, groups that divide neither channels nor filters, strides with
//         dilation; bad_shape
// Source  keras/src/layers/convolutional/conv3d.py, 3.15
#include "layers/common_conv.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  return lower_conv(call, 3);
}

}  // namespace

CORNU_LAYER(conv3d) = {
    .keras_names = {"Conv3D", "Convolution3D"}, .lower = lower, .from_legacy = conv_from_legacy};

}  // namespace cornu::layers
