// LSTM: long short-term memory; gates i, f, c, o.
// Keras   LSTM, all versions; CuDNNLSTM (2)
// Input   x  [batch, time, channels], optional initial states [batch, units], optional mask [batch, time]
// Output  y  [batch, time, units] with return_sequences, else [batch, units]; then the states with
// return_state Weights kernel (channels, 4 units), recurrent_kernel (units, 4 units), bias (4 units,); the
// cell's Errors  bad_config if units < 1 or an activation is unknown; bad_shape for another rank or count of
// states Source  keras/src/layers/rnn/lstm.py, 3.15
#include "layers/recurrent.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  return lower_recurrent(call, "LSTMCell");
}

}  // namespace

CORNU_LAYER(lstm) = {.keras_names = {"LSTM", "CuDNNLSTM"}, .lower = lower, .supports_masking = true};

}  // namespace cornu::layers
