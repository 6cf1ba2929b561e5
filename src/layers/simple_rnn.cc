// SimpleRNN: h = activation(x . kernel + h . recurrent_kernel + bias), step after step.
// Keras   SimpleRNN, all versions
// Input   x  [batch, time, channels], optional initial states [batch, units], optional mask [batch, time]
// Output  y  [batch, time, units] with return_sequences, else [batch, units]; then the states with
// return_state Weights kernel (channels, units), recurrent_kernel (units, units), bias (units,); the cell's
// Errors  bad_config if units < 1 or an activation is unknown; bad_shape for another rank or count of states
// Source  keras/src/layers/rnn/simple_rnn.py, 3.15
#include "layers/recurrent.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  return lower_recurrent(call, "SimpleRNNCell");
}

}  // namespace

CORNU_LAYER(simple_rnn) = {.keras_names = {"SimpleRNN"}, .lower = lower, .supports_masking = true};

}  // namespace cornu::layers
