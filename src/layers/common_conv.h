// What the convolution layers share: their arguments in every Keras spelling, and their way through
// channels-last ops.
#pragma once

#include "layers/common_layout.h"

namespace cornu::layers {

struct ConvSettings {
  int spatial = 2;  // axes that the kernel moves along: 1, 2 or 3
  Ints kernel, strides, dilations;
  std::string padding;  // "valid", "same" or, for one axis, "causal"
  bool channels_first = false;
};

// Reads kernel_size, strides, dilation_rate, padding, data_format. Checks the input's rank. Throws
// bad_config, bad_shape.
ConvSettings conv_settings(const LayerCall& call, int spatial);

// Input 0 as the ops want it: channels last, further batch axes merged into the first, padded in front if
// causal.
Value conv_input(LayerCall& call, const ConvSettings& settings);

// The op `conv`.
Value convolve(GraphBuilder& g, const ConvSettings& settings, Value x, Value kernel, int64_t groups);

// Bias (if the config wants one), activation, and the layout of input 0 again.
std::vector<Value> conv_output(LayerCall& call, const ConvSettings& settings, Value y);

// Whole layers, by the number of spatial axes.
std::vector<Value> lower_conv(LayerCall& call, int spatial);
std::vector<Value> lower_conv_transpose(LayerCall& call, int spatial);
std::vector<Value> lower_depthwise_conv(LayerCall& call, int spatial);
std::vector<Value> lower_separable_conv(LayerCall& call, int spatial);

// Kernels of Keras 1: Conv1D (length, 1, in, out) and, up to 1.1, (out, in, length, 1); under dim_ordering
// "th" (out, in, spatial...); transposed convolutions with channels swapped. A kernel that fits is left
// alone. Source: keras/engine/topology.py, 2.3, preprocess_weights_for_loading
void conv_from_legacy(LegacyWeights& weights);
void conv_transpose_from_legacy(LegacyWeights& weights);
void separable_conv_from_legacy(LegacyWeights& weights);

}  // namespace cornu::layers
