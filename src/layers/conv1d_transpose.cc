// Conv1DTranspose: y = activation(conv_transpose(x, kernel) + bias), padding valid or same.
// Keras   Conv1DTranspose
// Input   x [batch, steps, channels], or [batch, channels, steps] under channels_first; sizes may be unknown
// Output  y `filters` channels; each size in * stride for same, in * stride + max(kernel - stride, 0) for
//         valid, or as output_padding says
// Weights kernel (length, filters, channels), bias (filters,)
// Errors  bad_config for sizes below 1, output_padding not below strides, strides with dilation; bad_shape
// Source  keras/src/layers/convolutional/conv1d_transpose.py, 3.15
#include "layers/common_conv.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  return lower_conv_transpose(call, 1);
}

}  // namespace

CORNU_LAYER(conv1d_transpose) = {.keras_names = {"Conv1DTranspose", "Convolution1DTranspose"},
                                 .lower = lower,
                                 .from_legacy = conv_transpose_from_legacy};

}  // namespace cornu::layers
