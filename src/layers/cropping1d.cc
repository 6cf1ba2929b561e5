// Cropping1D: x without its outermost elements; cropping is one integer or (left, right).
// Keras   Cropping1D (Keras 1: dim_ordering)
// Input   x [batch, steps, channels], or [batch, channels, steps] under channels_first; sizes may be unknown
// Output  y the same with smaller sizes
// Errors  bad_config for a negative or malformed cropping, or if nothing is left
// Source  keras/src/layers/reshaping/cropping1d.py, 3.15
#include "layers/common_sides.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  return lower_cropping(call, 1, 1);
}

}  // namespace

CORNU_LAYER(cropping1d) = {.keras_names = {"Cropping1D"}, .lower = lower};

}  // namespace cornu::layers
