// SlicingOpLambda: x[slice_spec] in a functional model.
// Keras   SlicingOpLambda (tf.keras 2.4 to 2.15)
// Config  function: "__operators__.getitem"; slices are {"start", "stop", "step"}
// Errors  unsupported for a mask; bad_config for arguments of a wrong kind
// Source  tf_keras/src/layers/core/tf_op_layer.py, 2.21
#include "layers/operators.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  return lower_operator(call, call.config.text({"function"}, ""), false);
}

}  // namespace

CORNU_LAYER(slicing_op_lambda) = {.keras_names = {"SlicingOpLambda"}, .lower = lower, .autocast = false};

}  // namespace cornu::layers
