// LSTMCell: one step of LSTM.
// Keras   LSTMCell (2.1 on)
// Input   x  [batch, channels], states [batch, units]      Output  y [batch, units], the new states
// Weights kernel (channels, 4 units), recurrent_kernel (units, 4 units), bias (4 units,)
// Errors  bad_config if units < 1 or an activation is unknown; bad_shape for another rank or count of states
// Source  keras/src/layers/rnn/lstm.py, 3.15
#include "layers/recurrent.h"

namespace cornu::layers {

CORNU_LAYER(lstm_cell) = {
    .keras_names = {"LSTMCell"}, .lower = lower_cell, .from_legacy = recurrent_from_legacy};

}  // namespace cornu::layers
