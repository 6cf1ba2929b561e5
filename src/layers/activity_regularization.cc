// ActivityRegularization: a training loss on the activity; y = x.
// Keras   ActivityRegularization, all versions
// Input   x  [...]      Output  y = x      Weights  none
// Errors  bad_config if l1 or l2 is not a number
// Source  keras/src/layers/regularization/activity_regularization.py, 3.15
#include "layers/layer.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  call.expect_inputs(1);
  call.config.number({"l1"}, 0.0);
  call.config.number({"l2"}, 0.0);
  return {call.in[0]};
}

}  // namespace

CORNU_LAYER(activity_regularization) = {
    .keras_names = {"ActivityRegularization"}, .lower = lower, .supports_masking = true};

}  // namespace cornu::layers
