// InputLayer: where a model's tensors enter. Functional feeds it; called as a layer it passes its input
// through. Keras   InputLayer, all versions
#include "layers/layer.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  call.expect_inputs(1);
  for (const char* key : {"sparse", "ragged"}) {
    if (call.config.flag({key}, false))
      call.fail(ErrorCode::unsupported, "{} inputs of Keras models are not supported, only dense ones", key);
  }
  call.config.raw({"optional", "type_spec", "batch_size"});
  return {call.in[0]};
}

}  // namespace

CORNU_LAYER(input_layer) = {.keras_names = {"InputLayer"}, .lower = lower, .supports_masking = true};

}  // namespace cornu::layers
