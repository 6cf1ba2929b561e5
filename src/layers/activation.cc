// Activation: y = f(x) for an activation function given by name.
// Keras   Activation, all versions
// Input   x  [...]      Output  y  [...]  (glu halves the last axis)      Weights  none
// Errors  bad_config for an unknown name
// Source  keras/src/layers/activations/activation.py, 3.15
#include "layers/layer.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  call.expect_inputs(1);
  return {call.activate(call.in[0])};
}

}  // namespace

CORNU_LAYER(activation) = {.keras_names = {"Activation"}, .lower = lower, .supports_masking = true};

}  // namespace cornu::layers
