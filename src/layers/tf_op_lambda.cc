// TFOpLambda: a function of TensorFlow in a functional model, such as x + y or tf.reduce_mean(x).
// Keras   TFOpLambda (tf.keras 2.4 to 2.15)
// Config  function: its public name, "math.reduce_mean"; all arguments are those of the call
// Errors  unsupported for a function that the table lacks; bad_config for arguments of a wrong kind
// Source  tf_keras/src/layers/core/tf_op_layer.py, 2.21; the table is common_operators.cc
#include "layers/operators.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  return lower_operator(call, call.config.text({"function"}, ""), false);
}

}  // namespace

CORNU_LAYER(tf_op_lambda) = {
    .keras_names = {"TFOpLambda"}, .lower = lower, .mask_is_input = true, .autocast = false};

}  // namespace cornu::layers
