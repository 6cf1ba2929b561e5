// ThresholdedReLU: y = x if x > theta, else 0.
// Keras   ThresholdedReLU (1 and 2; gone in 3)
// Input   x  [...]  floating point      Output  y  [...]  same shape and type      Weights  none
// Errors  bad_config if theta is negative or not a number; absent means 1
// Source  tf_keras/src/layers/activation/thresholded_relu.py, 2.21
#include "layers/layer.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  call.expect_inputs(1);
  const Value x = call.in[0];
  const Value theta = call.g.scalar_like(call.config.number({"theta"}, 1.0, at_least(0)), x);
  const Value above = call.g.op("greater", {x, theta});
  return {call.g.op("mul", {x, call.g.cast(above, call.g.dtype(x))})};
}

}  // namespace

CORNU_LAYER(thresholded_relu) = {
    .keras_names = {"ThresholdedReLU"}, .lower = lower, .supports_masking = true};

}  // namespace cornu::layers
