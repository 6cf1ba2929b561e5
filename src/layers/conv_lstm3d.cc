// ConvLSTM3D: an LSTM over frames whose input and state transformations are convolutions.
// Keras   ConvLSTM3D (2.6 on)
// Input   x  [batch, time, depth, height, width, channels], or channels after time under channels_first; initial states h and
//         c like one output; optional mask [batch, time]
// Output  y  [batch, time, depth, height, width, filters] with return_sequences, else without time; then h and c with
//         return_state
// Weights kernel (kernel_size..., channels, 4 filters), recurrent_kernel (kernel_size..., filters, 4 filters), bias
//         (4 filters,), gates i, f, c, o; the cell's
// Errors  bad_config for counts < 1 or an unknown activation; bad_shape for another rank, unknown spatial sizes
//         or another count of states
// Source  keras/src/layers/rnn/conv_lstm3d.py, 3.15
#include "layers/recurrent.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  return lower_conv_lstm(call, 3);
}

}  // namespace

CORNU_LAYER(conv_lstm3d) = {.keras_names = {"ConvLSTM3D"}, .lower = lower, .supports_masking = true};

}  // namespace cornu::layers
