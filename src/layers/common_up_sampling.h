// What the UpSampling layers share.
#pragma once

#include "layers/layer.h"

namespace cornu::layers {

std::vector<Value> lower_up_sampling(LayerCall& call, int spatial);

}  // namespace cornu::layers
