// What the embedding layers share.
#pragma once

#include "layers/layer.h"

namespace cornu::layers {

// The table (input_dim, output_dim), made on the first call.
Value embedding_table(LayerCall& call);

// Rows of the table for the ids of input 0, in the compute dtype; with mask_zero, sets the mask.
std::vector<Value> lower_embedding(LayerCall& call);

}  // namespace cornu::layers
