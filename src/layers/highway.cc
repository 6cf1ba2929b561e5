// Highway: y = t * activation(x . W + b) + (1 - t) * x with t = sigmoid(x . W_carry + b_carry).
// Keras   Highway (1 only)
// Input   x  [batch, channels]      Output  y  same shape
// Weights W, W_carry (channels, channels), then b, b_carry (channels,) unless `bias` is false
// Errors  bad_shape unless x has two axes
// Source  keras/layers/core.py, class Highway, 1.2.2
#include "layers/layer.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  call.expect_inputs(1);
  call.expect_rank(2);
  GraphBuilder& g = call.g;
  const Value x = call.in[0];
  const int64_t channels = g.shape(x).back();
  call.config.raw({"transform_bias"});  // an initial value
  Value made = g.op("matmul", {x, call.weight("W", {channels, channels})});
  Value gate = g.op("matmul", {x, call.weight("W_carry", {channels, channels})});
  if (call.config.flag({"bias"}, true)) {
    made = g.op("add", {made, call.weight("b", {channels})});
    gate = g.op("add", {gate, call.weight("b_carry", {channels})});
  }
  gate = g.op("sigmoid", {gate});
  made = call.activate(made);
  const Value kept = g.op("mul", {g.op("sub", {g.scalar_like(1.0, gate), gate}), x});
  return {g.op("add", {g.op("mul", {made, gate}), kept})};
}

}  // namespace

CORNU_LAYER(highway) = {.keras_names = {"Highway"}, .lower = lower};

}  // namespace cornu::layers
