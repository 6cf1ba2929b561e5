// SeparableConv2D: a depthwise convolution, then one of size 1 that mixes the channels, bias, activation.
// Keras   SeparableConv2D (Keras 1: SeparableConvolution2D, with the spellings of Convolution2D)
// Input   x [batch, height, width, channels], or [batch, channels, height, width] under channels_first;
//         sizes may be unknown
// Output  y the same with `filters` channels
// Weights depthwise_kernel (height, width, channels, depth_multiplier), pointwise_kernel (1, 1, channels *
//         depth_multiplier, filters), bias (filters,)
// Errors  bad_config for sizes below 1, strides with dilation; bad_shape
// Source  keras/src/layers/convolutional/separable_conv2d.py, 3.15
#include "layers/common_conv.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  return lower_separable_conv(call, 2);
}

}  // namespace

CORNU_LAYER(separable_conv2d) = {.keras_names = {"SeparableConv2D", "SeparableConvolution2D"},
                                 .lower = lower,
                                 .from_legacy = separable_conv_from_legacy};

}  // namespace cornu::layers
