// ReLU: y = min(x, max_value) if x > threshold (x >= 0 for threshold 0), else negative_slope * (x -
// threshold). Keras   ReLU (2.2 on) Input   x  [...]  floating point      Output  y  [...]  same shape and
// type      Weights  none Errors  bad_config if max_value, negative_slope or threshold is negative or not a
// number Source  keras/src/layers/activations/relu.py, 3.15
#include "layers/activations.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  call.expect_inputs(1);
  std::optional<double> max_value;
  if (call.config.is_set({"max_value"})) max_value = call.config.number({"max_value"}, at_least(0));
  const double slope = call.config.number({"negative_slope"}, 0.0, at_least(0));
  const double threshold = call.config.number({"threshold"}, 0.0, at_least(0));
  return {relu(call.g, call.in[0], slope, max_value, threshold)};
}

}  // namespace

CORNU_LAYER(relu) = {.keras_names = {"ReLU"}, .lower = lower, .supports_masking = true};

}  // namespace cornu::layers
