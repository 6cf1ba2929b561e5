// GaussianDropout: multiplies by noise of mean 1 and variance rate / (1 - rate) while training; y = x when predicting.
// Keras   GaussianDropout, all versions (Keras 1: p)
// Input   x  [...]      Output  y = x      Weights  none
// Errors  bad_config if the rate is not a number from 0 to 1
// Source  keras/src/layers/regularization/gaussian_dropout.py, 3.15
#include <cmath>

#include "layers/training.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  call.expect_inputs(1);
  const double rate = call.config.number({"rate", "p"}, Range{0, 1});
  if (training_of(call) == nullptr || rate <= 0) return {call.in[0]};
  GraphBuilder& g = call.g;
  const Value x = call.in[0];
  const Value noise = g.op("mul", {random_normal(call, g.shape(x)), g.scalar(std::sqrt(rate / (1 - rate)))});
  return {g.op("mul", {x, g.cast(g.op("add", {noise, g.scalar(1)}), g.dtype(x))})};
}

}  // namespace

CORNU_LAYER(gaussian_dropout) = {
    .keras_names = {"GaussianDropout"}, .lower = lower, .supports_masking = true};

}  // namespace cornu::layers
