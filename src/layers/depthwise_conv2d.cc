// DepthwiseConv2D: every channel convolved by itself with depth_multiplier kernels.
// Keras   DepthwiseConv2D, since 2.1
// Input   x [batch, height, width, channels], or [batch, channels, height, width] under channels_first;
//         sizes may be unknown
// Output  y channels * depth_multiplier channels, those of one input channel side by side
// Weights kernel (height, width, channels, depth_multiplier), bias (channels * depth_multiplier,)
// Errors  bad_config for sizes below 1, strides with dilation; bad_shape
// Source  keras/src/layers/convolutional/depthwise_conv2d.py, 3.15
#include "layers/common_conv.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  return lower_depthwise_conv(call, 2);
}

}  // namespace

CORNU_LAYER(depthwise_conv2d) = {.keras_names = {"DepthwiseConv2D"}, .lower = lower};

}  // namespace cornu::layers
