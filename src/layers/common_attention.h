// What the attention layers share. See common_attention.cc.
#pragma once

#include "layers/layer.h"

namespace cornu::layers {

// True where key position <= query position: [1, query length, key length], of axis 1 of both.
Value causal_mask(GraphBuilder& g, Value query, Value value);

// Attention and AdditiveAttention: in [query, value] or [query, value, key], scores from the layer's own formula.
//   scores(call, query, key)   [batch, query length, key length]
std::vector<Value> lower_dense_attention(LayerCall& call,
                                         Value (*scores)(LayerCall& call, Value query, Value key));

}  // namespace cornu::layers
