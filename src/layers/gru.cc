// GRU: gated recurrent unit; gates z, r, h.
// Keras   GRU, all versions (without reset_after in the config: false); CuDNNGRU (2)
// Input   x  [batch, time, channels], optional initial states [batch, units], optional mask [batch, time]
// Output  y  [batch, time, units] with return_sequences, else [batch, units]; then the states with
// return_state Weights kernel (channels, 3 units), recurrent_kernel (units, 3 units), bias (3 units,) or,
// with reset_after, (2, 3 units); the cell's Errors  bad_config if units < 1 or an activation is unknown;
// bad_shape for another rank or count of states Source  keras/src/layers/rnn/gru.py, 3.15
#include "layers/recurrent.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  return lower_recurrent(call, "GRUCell");
}

}  // namespace

CORNU_LAYER(gru) = {.keras_names = {"GRU", "CuDNNGRU"}, .lower = lower, .supports_masking = true};

}  // namespace cornu::layers
