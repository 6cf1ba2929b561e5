// Conv2D: y = activation(conv(x, kernel) + bias), padding valid or same.
// Keras   Conv2D (Keras 1: Convolution2D, AtrousConvolution2D: nb_filter, nb_row, nb_col, subsample,
//         border_mode, dim_ordering, atrous_rate, bias)
// Input   x [batch, height, width, channels], or [batch, channels, height, width] under channels_first;
//         sizes may be unknown
// Output  y the same with `filters` channels
// Weights kernel (height, width, channels / groups, filters), bias (filters,)
// Errors  bad_config for sizes below 1, groups that divide neither channels nor filters, strides with
//         dilation; bad_shape
// Source  keras/src/layers/convolutional/conv2d.py, 3.15
#include "layers/common_conv.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  return lower_conv(call, 2);
}

}  // namespace

CORNU_LAYER(conv2d) = {.keras_names = {"Conv2D", "Convolution2D", "AtrousConvolution2D", "AtrousConv2D"},
                       .lower = lower,
                       .from_legacy = conv_from_legacy};

}  // namespace cornu::layers
