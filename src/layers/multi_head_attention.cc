// MultiHeadAttention: per head softmax(query key^T / sqrt(key_dim)) value over projections of the inputs, projected back.
// Keras   MultiHeadAttention (2.4 on; use_gate and sliding_window 3.15)
// Input   query, value, key (absent: value) [batch, lengths..., channels]; attention_mask [batch, query, key] or with heads;
//         masks of query, value and key; use_causal_mask
// Output  y [batch, lengths..., output]; with return_attention_scores also the weights [batch, heads, query, key]
// Weights EinsumDense children query_dense, key_dense, (gate_dense,) value_dense, output_dense
// Errors  bad_config for counts < 1 or axes that are not there
// Source  keras/src/layers/attention/multi_head_attention.py, 3.15; tf_keras/src/layers/attention/multi_head_attention.py, 2.21
#include "layers/common_attention.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  constexpr Range kSize{1, 2147483647};
  Heads heads;
  heads.count = heads.groups = call.config.integer({"num_heads"}, kSize);
  heads.key_size = call.config.integer({"key_dim"}, kSize);
  heads.value_size =
      call.config.is_set({"value_dim"}) ? call.config.integer({"value_dim"}, kSize) : heads.key_size;
  heads.has_bias = call.config.flag({"use_bias"}, true);
  call.config.raw({"query_shape", "key_shape", "value_shape", "softmax_robust_masking"});
  return lower_multi_head(call, heads);
}

}  // namespace

CORNU_LAYER(multi_head_attention) = {.keras_names = {"MultiHeadAttention"}, .lower = lower};

}  // namespace cornu::layers
