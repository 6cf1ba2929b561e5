// What LocallyConnected1D and LocallyConnected2D share.
#pragma once

#include "layers/common_conv.h"

namespace cornu::layers {

std::vector<Value> lower_locally_connected(LayerCall& call, int spatial);

// Before the bias, in the layer's data_format; appends the output's sizes to `positions`.
Value locally_connected_by_matrix(LayerCall& call, const ConvSettings& settings, int64_t filters,
                                  int64_t channels, int64_t implementation, Ints& positions);

// Keras 1 kept the bias as (filters, spatial...) under dim_ordering "th".
void locally_connected_from_legacy(LegacyWeights& weights);

}  // namespace cornu::layers
