// RNN: a cell, or cells on each other, over the steps of a sequence.
// Keras   RNN (2.1 on) over SimpleRNNCell, GRUCell, LSTMCell and StackedRNNCells of them
// Input   x  [batch, time, channels], optional initial states, optional mask [batch, time]
// Output  y  [batch, time, units] with return_sequences, else [batch, units]; then the states with
// return_state Weights the cells' Errors  unsupported for another cell; bad_shape for another rank or count
// of states Source  keras/src/layers/rnn/rnn.py, 3.15
#include "layers/recurrent.h"

namespace cornu::layers {

CORNU_LAYER(rnn) = {.keras_names = {"RNN"}, .lower = lower_rnn, .supports_masking = true};

}  // namespace cornu::layers
