// What ZeroPadding and Cropping share.
#pragma once

#include "layers/layer.h"

namespace cornu::layers {

std::vector<Value> lower_zero_padding(LayerCall& call, int spatial);
// `fallback`: the amount where the config gives none.
std::vector<Value> lower_cropping(LayerCall& call, int spatial, int64_t fallback);

}  // namespace cornu::layers
