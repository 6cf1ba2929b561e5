// LeakyReLU: y = x if x >= 0, else negative_slope * x.
// Keras   LeakyReLU (3.x: negative_slope; 2.x: alpha)
// Input   x  [...]  floating point      Output  y  [...]  same shape and type      Weights  none
// Errors  bad_config if the slope is null, not a number, or negative; absent means 0.3
// Source  keras/src/layers/activations/leaky_relu.py, 3.15
#include "layers/layer.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  call.expect_inputs(1);
  const double slope = call.config.number({"negative_slope", "alpha"}, 0.3, at_least(0));
  return {call.g.op("leaky_relu", {call.in[0]}, {{"slope", slope}})};
}

}  // namespace

CORNU_LAYER(leaky_relu) = {.keras_names = {"LeakyReLU"}, .lower = lower, .supports_masking = true};

}  // namespace cornu::layers
