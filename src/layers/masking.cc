// Masking: a step whose features all equal mask_value is masked and becomes zero.
// Keras   Masking, all versions
// Input   x  [batch, ..., features]      Output  y  same shape; mask [batch, ...], true where a step counts
// Errors  bad_config if mask_value is not a number; bad_shape for a scalar
// Source  keras/src/layers/core/masking.py, 3.15
#include "layers/layer.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  call.expect_inputs(1);
  GraphBuilder& g = call.g;
  const Value x = call.in[0];
  if (g.rank(x) < 1)
    call.fail(ErrorCode::bad_shape, "Masking takes an input with features, received a scalar");
  const Value mask_value = g.scalar_like(call.config.number({"mask_value"}, 0.0), x);
  const Value differs = g.op("not_equal", {x, mask_value});
  const Value counts = g.op("reduce_any", {differs}, {{"axes", Ints{-1}}, {"keepdims", true}});
  call.out_masks = {g.op("squeeze", {counts}, {{"axes", Ints{-1}}})};
  return {g.op("select", {counts, x, g.scalar_like(0.0, x)})};
}

}  // namespace

CORNU_LAYER(masking) = {.keras_names = {"Masking"}, .lower = lower};

}  // namespace cornu::layers
