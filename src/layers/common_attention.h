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

// How many heads attention has, and how large they are.
struct Heads {
  int64_t count = 0;   // of the query
  int64_t groups = 0;  // of key and value: a divisor of count
  int64_t key_size = 0;
  int64_t value_size = 0;
  bool has_bias = true;
};

// MultiHeadAttention and GroupQueryAttention: arguments query, value, key, masks; EinsumDense children query_dense,
// key_dense, gate_dense (with use_gate), value_dense, output_dense, made in this order.
std::vector<Value> lower_multi_head(LayerCall& call, const Heads& heads);

}  // namespace cornu::layers
