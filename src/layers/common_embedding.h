// What the embedding layers share.
#pragma once

#include <functional>

#include "layers/quantized.h"

namespace cornu::layers {

// Rows of the table (input_dim, output_dim) for the ids of input 0, in the compute dtype; with mask_zero, sets the mask.
// The table is made on the first call.
std::vector<Value> lower_embedding(LayerCall& call);

// What the way back needs; makes the table of that way if it is not tied to the other.
struct ReverseEmbedding {
  Value table;  // (input_dim, output_dim) if tied, else transposed; invalid if it is quantised
  std::function<Value()> logits;  // of input 0, if it is quantised
  int64_t channels = 0;           // output_dim
};
ReverseEmbedding reverse_embedding(LayerCall& call, bool tied);

}  // namespace cornu::layers
