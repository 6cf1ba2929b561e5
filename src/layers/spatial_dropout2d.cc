// SpatialDropout2D: drops whole channels while training; y = x when predicting.
// Keras   SpatialDropout2D, all versions (Keras 1: p, dim_ordering)
// Input   x  2 spatial axes and channels      Output  y = x      Weights  none
// Errors  bad_config if the rate is not a number from 0 to 1; bad_shape for another count of axes
// Source  keras/src/layers/regularization/spatial_dropout.py, 3.15
#include "layers/training.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  call.expect_inputs(1);
  call.expect_rank(4);
  const double rate = call.config.number({"rate", "p"}, Range{0, 1});
  call.config.raw({"noise_shape"});
  return {channels_dropped_out(call, rate, call.config.channels_first())};
}

}  // namespace

CORNU_LAYER(spatial_dropout2d) = {
    .keras_names = {"SpatialDropout2D"}, .lower = lower, .supports_masking = true};

}  // namespace cornu::layers
