// UpSampling1D: every size times `size`, each element repeated.
// Keras   UpSampling1D (Keras 1: length)
// Input   x [batch, steps, channels]; sizes may be unknown
// Output  y the same with larger sizes
// Errors  bad_config for a size below 1; bad_shape for another number of axes
// Source  keras/src/layers/reshaping/up_sampling1d.py, 3.15
#include "layers/common_up_sampling.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  return lower_up_sampling(call, 1);
}

}  // namespace

CORNU_LAYER(up_sampling1d) = {.keras_names = {"UpSampling1D"}, .lower = lower};

}  // namespace cornu::layers
