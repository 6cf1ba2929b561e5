// Multiply: y = x0 * x1 * ...; masked elements count as 1, and as 0 where all are masked (Keras 3)
// Keras   Multiply (2.0 on)
// Input   two or more tensors that broadcast; those with fewer axes get axes of size 1 after the batch
// Output  y  the broadcast shape; its mask combines the inputs' masks      Weights  none
// Errors  bad_shape if the shapes do not broadcast
// Source  keras/src/layers/merging/multiply.py, 3.15
#include "layers/merging.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  return {merge_product(call)};
}

}  // namespace

CORNU_LAYER(multiply) = {.keras_names = {"Multiply"}, .lower = lower};

}  // namespace cornu::layers
