// Dropout: drops inputs while training; y = x when predicting.
//         Training: y = 0 with probability `rate`, else x / (1 - rate); the same along axes where noise_shape is 1
// Keras   Dropout, all versions (Keras 1: p)
// Input   x  [...]      Output  y = x      Weights  none
// Errors  bad_config if the rate is not a number from 0 to 1
// Source  keras/src/layers/regularization/dropout.py, 3.15
#include "layers/training.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  call.expect_inputs(1);
  const double rate = call.config.number({"rate", "p"}, Range{0, 1});
  Shape shape = call.g.shape(call.in[0]);
  if (call.config.is_set({"noise_shape"})) {
    const Shape given = call.config.shape({"noise_shape"});
    if (given.rank() != shape.rank()) {
      call.fail(ErrorCode::bad_config, "noise_shape is {}, the input has shape {}", given.to_string(),
                shape.to_string());
    }
    for (int axis = 0; axis < shape.rank(); ++axis) shape[axis] = given[axis] == 1 ? 1 : shape[axis];
  }
  call.config.raw({"seed"});
  if (training_of(call) == nullptr) return {call.in[0]};
  return {dropped_out(call, call.in[0], rate, shape)};
}

}  // namespace

CORNU_LAYER(dropout) = {.keras_names = {"Dropout"}, .lower = lower, .supports_masking = true};

}  // namespace cornu::layers
