// GroupQueryAttention: multi-head attention whose keys and values have fewer heads, each serving several of the query.
// Keras   GroupQueryAttention (3.3 on; use_gate and sliding_window 3.15); GroupedQueryAttention is its class
// Input   query, value, key (absent: value) [batch, length, channels]; attention_mask [batch, query, key]; masks of
//         query, value and key; use_causal_mask
// Output  y [batch, query length, channels]; with return_attention_scores also [batch, heads, query, key]
// Weights EinsumDense children query_dense, key_dense, (gate_dense,) value_dense, output_dense
// Errors  bad_config for counts < 1, or heads of the query that are no multiple of the others
// Source  keras/src/layers/attention/grouped_query_attention.py, 3.15
#include "layers/common_attention.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  constexpr Range kSize{1, 2147483647};
  Heads heads;
  heads.count = call.config.integer({"num_query_heads"}, kSize);
  heads.groups = call.config.integer({"num_key_value_heads"}, kSize);
  heads.key_size = heads.value_size = call.config.integer({"head_dim"}, kSize);
  heads.has_bias = call.config.flag({"use_bias"}, true);
  if (heads.count % heads.groups != 0) {
    call.config.fail_value("num_key_value_heads", call.config.raw({"num_key_value_heads"}),
                           fmt::format("a divisor of the {} heads of the query", heads.count));
  }
  return lower_multi_head(call, heads);
}

}  // namespace

CORNU_LAYER(group_query_attention) = {.keras_names = {"GroupQueryAttention", "GroupedQueryAttention"},
                                      .lower = lower};

}  // namespace cornu::layers
