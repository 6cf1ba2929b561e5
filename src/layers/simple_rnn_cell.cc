// SimpleRNNCell: one step of SimpleRNN.
// Keras   SimpleRNNCell (2.1 on)
// Input   x  [batch, channels], states [batch, units]      Output  y [batch, units], the new states
// Weights kernel (channels, units), recurrent_kernel (units, units), bias (units,)
// Errors  bad_config if units < 1 or an activation is unknown; bad_shape for another rank or count of states
// Source  keras/src/layers/rnn/simple_rnn.py, 3.15
#include "layers/recurrent.h"

namespace cornu::layers {

CORNU_LAYER(simple_rnn_cell) = {
    .keras_names = {"SimpleRNNCell"}, .lower = lower_cell, .from_legacy = recurrent_from_legacy};

}  // namespace cornu::layers
