// UnitNormalization: x divided by its Euclidean length along the axes.
// Keras   UnitNormalization, since 2.8; a length below 1e-12 counts as that, in Keras 2 one below 1e-6
// Input   x [...] floating point
// Output  y the same shape and type
// Errors  bad_config for an axis that x does not have
// Source  keras/src/layers/normalization/unit_normalization.py, 3.15; tf.math.l2_normalize
#include "layers/common_normalization.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  call.expect_inputs(1);
  GraphBuilder& g = call.g;
  const Value x = call.in[0];
  const std::vector<int> axes = config_axes(call, g.shape(x), {"axis"}, {-1});
  const Value sum = g.op("reduce_sum", {g.op("square", {x})},
                         {{"axes", Ints(axes.begin(), axes.end())}, {"keepdims", true}});
  if (call.dialect.keras_major < 3) {
    const Value bounded = g.op("maximum", {sum, g.scalar_like(1e-12, sum)});
    return {g.op("mul", {x, g.op("rsqrt", {bounded})})};
  }
  const Value inverse = g.op("minimum", {g.op("rsqrt", {sum}), g.scalar_like(1e12, sum)});
  return {g.op("mul", {x, inverse})};
}

}  // namespace

CORNU_LAYER(unit_normalization) = {
    .keras_names = {"UnitNormalization"}, .lower = lower, .supports_masking = true};

}  // namespace cornu::layers
