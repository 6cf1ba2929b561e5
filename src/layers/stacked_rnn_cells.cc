// StackedRNNCells: cells on each other, inside an RNN layer.
// Keras   StackedRNNCells (2.1 on)
// Errors  unsupported when called without an RNN layer around it
// Source  keras/src/layers/rnn/stacked_rnn_cells.py, 3.15; RNN lowers it, see common_recurrent.cc
#include "layers/recurrent.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  call.fail(ErrorCode::unsupported, "StackedRNNCells outside of an RNN layer");
}

}  // namespace

CORNU_LAYER(stacked_rnn_cells) = {.keras_names = {"StackedRNNCells"}, .lower = lower};

}  // namespace cornu::layers
