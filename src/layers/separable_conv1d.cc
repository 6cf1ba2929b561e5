// SeparableConv1D: a depthwise convolution, then one of size 1 that mixes the channels, bias, activation.
// Keras   SeparableConv1D
// Input   x [batch, steps, channels], or [batch, channels, steps] under channels_first; sizes may be unknown
// Output  y the same with `filters` channels
// Weights depthwise_kernel (length, channels, depth_multiplier), pointwise_kernel (1, channels *
//         depth_multiplier, filters), bias (filters,)
// Errors  bad_config for sizes below 1, strides with dilation; bad_shape
// Source  keras/src/layers/convolutional/separable_conv1d.py, 3.15
#include "layers/common_conv.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  return lower_separable_conv(call, 1);
}

}  // namespace

CORNU_LAYER(separable_conv1d) = {.keras_names = {"SeparableConv1D", "SeparableConvolution1D"},
                                 .lower = lower,
                                 .from_legacy = separable_conv_from_legacy};

}  // namespace cornu::layers
