// LayerScale: y = x * gamma, one factor per channel.
// Keras   LayerScale of keras.applications.convnext
// Input   x [..., channels] floating point
// Output  y the same shape and type
// Weights gamma (projection_dim,), not named in the files
// Errors  bad_config unless projection_dim is the number of channels
// Source  keras/src/applications/convnext.py, 3.15
#include "layers/layer.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  call.expect_inputs(1);
  const int64_t channels = call.config.integer({"projection_dim"}, {1, INT32_MAX});
  call.config.raw({"init_values"});
  const Shape& x = call.g.shape(call.in[0]);
  if (x.rank() < 1 || (x.back() != channels && x.back() != Shape::kUnknown)) {
    call.config.fail_value("projection_dim", call.config.raw({"projection_dim"}),
                           fmt::format("the number of channels of {}", x.to_string()));
  }
  return {call.g.op("mul", {call.in[0], call.weight("gamma", {channels})})};
}

}  // namespace

CORNU_LAYER(layer_scale) = {.keras_names = {"LayerScale"}, .lower = lower};

}  // namespace cornu::layers
