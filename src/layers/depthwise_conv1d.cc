// DepthwiseConv1D: every channel convolved by itself with depth_multiplier kernels.
// Keras   DepthwiseConv1D, since 2.9
// Input   x [batch, steps, channels], or [batch, channels, steps] under channels_first; sizes may be unknown
// Output  y channels * depth_multiplier channels, those of one input channel side by side
// Weights kernel (length, channels, depth_multiplier), bias (channels * depth_multiplier,)
// Errors  bad_config for sizes below 1, strides with dilation; bad_shape
// Source  keras/src/layers/convolutional/depthwise_conv1d.py, 3.15
#include "layers/common_conv.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  return lower_depthwise_conv(call, 1);
}

}  // namespace

CORNU_LAYER(depthwise_conv1d) = {.keras_names = {"DepthwiseConv1D"}, .lower = lower};

}  // namespace cornu::layers
