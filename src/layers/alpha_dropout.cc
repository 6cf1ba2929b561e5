// AlphaDropout: dropout that keeps mean and variance while training; y = x when predicting.
// Keras   AlphaDropout, since 2.0
// Input   x  [...]      Output  y = x      Weights  none
// Errors  bad_config if the rate is not a number from 0 to 1
// Source  keras/src/layers/regularization/alpha_dropout.py, 3.15
#include <cmath>

#include "layers/training.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  call.expect_inputs(1);
  const double rate = call.config.number({"rate", "p"}, Range{0, 1});
  Shape shape = call.g.shape(call.in[0]);
  if (call.config.is_set({"noise_shape"})) {
    const Shape given = call.config.shape({"noise_shape"});
    for (int axis = 0; axis < std::min(shape.rank(), given.rank()); ++axis)
      shape[axis] = given[axis] == 1 ? 1 : shape[axis];
  }
  if (training_of(call) == nullptr || rate <= 0) return {call.in[0]};
  // What is dropped becomes the lower bound of SELU; then mean and variance are set right.
  constexpr double kLow = -1.6732632423543772 * 1.0507009873554805;
  GraphBuilder& g = call.g;
  const Value x = call.in[0];
  const Value kept = g.op("greater_equal", {random_uniform(call, shape), g.scalar(rate)});
  const Value mixed = g.op("select", {kept, x, g.scalar_like(kLow, x)});
  const double scale = 1 / std::sqrt((1 - rate) * (1 + rate * kLow * kLow));
  return {
      g.op("add", {g.op("mul", {mixed, g.scalar_like(scale, x)}), g.scalar_like(-scale * kLow * rate, x)})};
}

}  // namespace

CORNU_LAYER(alpha_dropout) = {.keras_names = {"AlphaDropout"}, .lower = lower, .supports_masking = true};

}  // namespace cornu::layers
