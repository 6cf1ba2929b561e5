// ELU: y = x if x >= 0, else alpha * (exp(x) - 1).
// Keras   ELU, all versions
// Input   x  [...]  floating point      Output  y  [...]  same shape and type      Weights  none
// Errors  bad_config if alpha is not a number; absent means 1
// Source  keras/src/layers/activations/elu.py, 3.15
#include "layers/layer.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  call.expect_inputs(1);
  return {call.g.op("elu", {call.in[0]}, {{"alpha", call.config.number({"alpha"}, 1.0)}})};
}

}  // namespace

CORNU_LAYER(elu) = {.keras_names = {"ELU"}, .lower = lower, .supports_masking = true};

}  // namespace cornu::layers
