// Conv3DTranspose: y = activation(conv_transpose(x, kernel) + bias), padding valid or same.
// Keras   Conv3DTranspose
// Input   x [batch, depth, height, width, channels], or [batch, channels, depth, height, width] under
//         channels_first; sizes may be unknown
// Output  y `filters` channels; each size in * stride for same, in * stride + max(kernel - stride, 0) for
//         valid, or as output_padding says
// Weights kernel (depth, height, width, filters, channels), bias (filters,)
// Errors  bad_config for sizes below 1, output_padding not below strides, strides with dilation; bad_shape
// Source  keras/src/layers/convolutional/conv3d_transpose.py, 3.15
#include "layers/common_conv.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  return lower_conv_transpose(call, 3);
}

}  // namespace

CORNU_LAYER(conv3d_transpose) = {
    .keras_names = {"Conv3DTranspose", "Convolution3DTranspose", "Deconvolution3D", "Deconv3D"},
    .lower = lower,
    .from_legacy = conv_transpose_from_legacy};

}  // namespace cornu::layers
