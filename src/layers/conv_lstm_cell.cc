// ConvLSTMCell: one step of a convolutional LSTM.
// Keras   ConvLSTMCell (3), the cell of ConvLSTM1D, 2D and 3D
// Input   x  [batch, spatial..., channels], states h and c      Output  y like a state, the new states
// Weights kernel (kernel_size..., channels, 4 filters), recurrent_kernel (kernel_size..., filters, 4 filters), bias
//         (4 filters,)
// Errors  bad_config for counts < 1 or an unknown activation; bad_shape for another rank or count of states
// Source  keras/src/layers/rnn/conv_lstm.py, 3.15
#include "layers/recurrent.h"

namespace cornu::layers {

CORNU_LAYER(conv_lstm_cell) = {.keras_names = {"ConvLSTMCell"}, .lower = lower_conv_lstm_cell};

}  // namespace cornu::layers
