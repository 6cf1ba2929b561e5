// UpSampling2D: every size times `size`, resampled; interpolation nearest, bilinear, bicubic, lanczos3,
// lanczos5 or area.
// Keras   UpSampling2D (Keras 1: dim_ordering)
// Input   x [batch, height, width, channels], or [batch, channels, height, width] under channels_first;
//         sizes may be unknown
// Output  y the same with larger sizes
// Errors  bad_config for a size below 1, or another interpolation; bad_shape for another number of axes
// Source  keras/src/layers/reshaping/up_sampling2d.py, 3.15
#include "layers/common_up_sampling.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  return lower_up_sampling(call, 2);
}

}  // namespace

CORNU_LAYER(up_sampling2d) = {.keras_names = {"UpSampling2D"}, .lower = lower};

}  // namespace cornu::layers
