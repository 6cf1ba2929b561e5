// GaussianNoise: adds noise while training; y = x when predicting.
// Keras   GaussianNoise, all versions (Keras 1: sigma); Keras 3 takes a deviation of at most 1, older ones
// any Input   x  [...]      Output  y = x      Weights  none Errors  bad_config if the deviation is not a
// number in range Source  keras/src/layers/regularization/gaussian_noise.py, 3.15
#include "layers/training.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  call.expect_inputs(1);
  const double deviation =
      call.config.number({"stddev", "sigma"}, call.dialect.keras_major >= 3 ? Range{0, 1} : at_least(0));
  if (training_of(call) == nullptr || deviation == 0) return {call.in[0]};
  GraphBuilder& g = call.g;
  const Value x = call.in[0];
  const Value noise = g.op("mul", {random_normal(call, g.shape(x)), g.scalar(deviation)});
  return {g.op("add", {x, g.cast(noise, g.dtype(x))})};
}

}  // namespace

CORNU_LAYER(gaussian_noise) = {.keras_names = {"GaussianNoise"}, .lower = lower, .supports_masking = true};

}  // namespace cornu::layers
