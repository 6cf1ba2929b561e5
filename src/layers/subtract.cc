// Subtract: y = x0 - x1
// Keras   Subtract (2.0 on)
// Input   two tensors that broadcast; one with fewer axes gets axes of size 1 after the batch
// Output  y  the broadcast shape; its mask combines the inputs' masks      Weights  none
// Errors  bad_shape if the shapes do not broadcast, or there are not two
// Source  keras/src/layers/merging/subtract.py, 3.15
#include "layers/merging.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  call.expect_inputs(2);
  return {merge_inputs(call, "sub")};
}

}  // namespace

CORNU_LAYER(subtract) = {.keras_names = {"Subtract"}, .lower = lower};

}  // namespace cornu::layers
