// Operator: a function of keras.ops in a functional model, such as x + y, x[:, 0] or keras.ops.mean(x).
// Keras   the classes of keras.src.ops.* (3); make_instance finds them by module, as some bear names of
// layers Config  the function's constructor arguments; tensors and literals are arguments of the call Errors
// unsupported for a function that the table lacks; bad_config for arguments of a wrong kind Source
// keras/src/ops/operation.py, 3.15; the table is common_operators.cc
#include "layers/operators.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  return lower_operator(call, call.layer.class_name, true);
}

}  // namespace

CORNU_LAYER(operator) = {.keras_names = {"ops.*"}, .lower = lower, .mask_is_input = true, .autocast = false};

}  // namespace cornu::layers
