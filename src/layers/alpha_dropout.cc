// AlphaDropout: dropout that keeps mean and variance while training; y = x when predicting.
// Keras   AlphaDropout, since 2.0
// Input   x  [...]      Output  y = x      Weights  none
// Errors  bad_config if the rate is not a number from 0 to 1
// Source  keras/src/layers/regularization/alpha_dropout.py, 3.15
#include "layers/layer.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  call.expect_inputs(1);
  call.config.number({"rate", "p"}, Range{0, 1});
  call.config.raw({"noise_shape"});
  return {call.in[0]};
}

}  // namespace

CORNU_LAYER(alpha_dropout) = {.keras_names = {"AlphaDropout"}, .lower = lower, .supports_masking = true};

}  // namespace cornu::layers
