// Conv2DTranspose: y = activation(conv_transpose(x, kernel) + bias), padding valid or same.
// Keras   Conv2DTranspose (Keras 1: Deconvolution2D, which gives output_shape)
// Input   x [batch, height, width, channels], or [batch, channels, height, width] under channels_first;
//         sizes may be unknown
// Output  y `filters` channels; each size in * stride for same, in * stride + max(kernel - stride, 0) for
//         valid, or as output_padding says
// Weights kernel (height, width, filters, channels), bias (filters,)
// Errors  bad_config for sizes below 1, output_padding not below strides, strides with dilation; bad_shape
// Source  keras/src/layers/convolutional/conv2d_transpose.py, 3.15
#include "layers/common_conv.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  return lower_conv_transpose(call, 2);
}

}  // namespace

CORNU_LAYER(conv2d_transpose) = {
    .keras_names = {"Conv2DTranspose", "Convolution2DTranspose", "Deconvolution2D", "Deconv2D"},
    .lower = lower,
    .from_legacy = conv_transpose_from_legacy};

}  // namespace cornu::layers
