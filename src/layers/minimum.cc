// Minimum: y = min(x0, x1, ...), without masked elements (Keras 3)
// Keras   Minimum (2.0 on)
// Input   two or more tensors that broadcast; those with fewer axes get axes of size 1 after the batch
// Output  y  the broadcast shape; its mask combines the inputs' masks      Weights  none
// Errors  bad_shape if the shapes do not broadcast
// Source  keras/src/layers/merging/minimum.py, 3.15
#include "layers/merging.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  return {merge_extremum(call, "minimum")};
}

}  // namespace

CORNU_LAYER(minimum) = {.keras_names = {"Minimum"}, .lower = lower};

}  // namespace cornu::layers
