// Identity: y = x, for any number of tensors.
// Keras   Identity (2.9 on)
// Source  keras/src/layers/core/identity.py, 3.15
#include "layers/layer.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  if (call.in.empty())
    call.fail(ErrorCode::bad_shape, "Identity takes at least one input tensor, received none");
  if (call.dialect.keras_major >= 3) call.out_masks = call.masks;  // Keras 2 dropped them
  return call.in;
}

}  // namespace

CORNU_LAYER(identity) = {.keras_names = {"Identity"}, .lower = lower};

}  // namespace cornu::layers
