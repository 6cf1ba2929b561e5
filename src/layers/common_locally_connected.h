// What LocallyConnected1D and LocallyConnected2D share.
#pragma once

#include "layers/layer.h"

namespace cornu::layers {

std::vector<Value> lower_locally_connected(LayerCall& call, int spatial);

// Keras 1 kept the bias as (filters, spatial...) under dim_ordering "th".
void locally_connected_from_legacy(LegacyWeights& weights);

}  // namespace cornu::layers
