// StochasticDepth: y = x; it drops whole rows only while training.
// Keras   StochasticDepth of keras.applications.convnext
// Input   x [...]
// Output  y x
// Errors  bad_config if the rate is outside [0, 1]
// Source  keras/src/applications/convnext.py, 3.15
#include "layers/training.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  call.expect_inputs(1);
  const double rate = call.config.number({"drop_path_rate"}, 0.0, {0, 1});
  if (training_of(call) == nullptr) return {call.in[0]};
  Shape rows = call.g.shape(call.in[0]);
  for (int axis = 1; axis < rows.rank(); ++axis) rows[axis] = 1;
  return {dropped_out(call, call.in[0], rate, rows)};
}

}  // namespace

CORNU_LAYER(stochastic_depth) = {.keras_names = {"StochasticDepth"}, .lower = lower};

}  // namespace cornu::layers
