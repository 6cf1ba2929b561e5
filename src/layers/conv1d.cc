// Conv1D: y = activation(conv(x, kernel) + bias), padding valid, same or causal.
// Keras   Conv1D (Keras 1: Convolution1D, AtrousConvolution1D: nb_filter, filter_length, subsample_length,
//         border_mode, atrous_rate, bias)
// Input   x [batch, steps, channels], or [batch, channels, steps] under channels_first; sizes may be unknown
// Output  y the same with `filters` channels
// Weights kernel (length, channels / groups, filters), bias (filters,)
// Errors  bad_config for sizes below 1, groups that divide neither channels nor filters, strides with
//         dilation; bad_shape
// Source  keras/src/layers/convolutional/conv1d.py, 3.15
#include "layers/common_conv.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  return lower_conv(call, 1);
}

}  // namespace

CORNU_LAYER(conv1d) = {.keras_names = {"Conv1D", "Convolution1D", "AtrousConvolution1D", "AtrousConv1D"},
                       .lower = lower,
                       .from_legacy = conv_from_legacy};

}  // namespace cornu::layers
