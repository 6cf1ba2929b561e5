// GRUCell: one step of GRU.
// Keras   GRUCell (2.1 on)
// Input   x  [batch, channels], states [batch, units]      Output  y [batch, units], the new states
// Weights kernel (channels, 3 units), recurrent_kernel (units, 3 units), bias (3 units,) or, with
// reset_after, (2, 3 units) Errors  bad_config if units < 1 or an activation is unknown; bad_shape for
// another rank or count of states Source  keras/src/layers/rnn/gru.py, 3.15
#include "layers/recurrent.h"

namespace cornu::layers {

CORNU_LAYER(gru_cell) = {
    .keras_names = {"GRUCell"}, .lower = lower_cell, .from_legacy = recurrent_from_legacy};

}  // namespace cornu::layers
