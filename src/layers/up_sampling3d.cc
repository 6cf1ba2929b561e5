// UpSampling3D: every size times `size`, each element repeated.
// Keras   UpSampling3D (Keras 1: dim_ordering)
// Input   x [batch, depth, height, width, channels], or [batch, channels, depth, height, width] under
//         channels_first; sizes may be unknown
// Output  y the same with larger sizes
// Errors  bad_config for a size below 1; bad_shape for another number of axes
// Source  keras/src/layers/reshaping/up_sampling3d.py, 3.15
#include "layers/common_up_sampling.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  return lower_up_sampling(call, 3);
}

}  // namespace

CORNU_LAYER(up_sampling3d) = {.keras_names = {"UpSampling3D"}, .lower = lower};

}  // namespace cornu::layers
