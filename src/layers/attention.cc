// Attention: y = softmax(scores) . value with scores = query . key^T, or tanh sums of both (score_mode concat).
// Keras   Attention (2.0 on; score_mode 2.7)
// Input   [query, value] or [query, value, key], each [batch, length, channels]; masks of query and value
// Output  y [batch, query length, channels of value]; with return_attention_scores also the weights
// Weights scale () with use_scale, concat_score_weight () with score_mode concat
// Errors  bad_shape for another count of inputs
// Source  keras/src/layers/attention/attention.py, 3.15
#include "layers/common_attention.h"

namespace cornu::layers {
namespace {

Value scores(LayerCall& call, Value query, Value key) {
  GraphBuilder& g = call.g;
  const bool has_scale = call.config.flag({"use_scale"}, false);
  const std::string mode = call.config.choice({"score_mode"}, "dot", {"dot", "concat"});
  const Value scale = has_scale ? call.weight("scale", {}) : Value{};
  if (mode == "dot") {
    const Value products = g.op("matmul", {query, key}, {{"transpose_b", true}});
    return has_scale ? g.op("mul", {products, scale}) : products;
  }
  const Value weight = call.weight("concat_score_weight", {});
  const Value rows = g.op("expand_dims", {query}, {{"axes", Ints{-2}}});
  Value sums = g.op("add", {rows, g.op("expand_dims", {key}, {{"axes", Ints{-3}}})});
  if (has_scale) sums = g.op("mul", {scale, sums});
  return g.op(
      "mul", {weight, g.op("reduce_sum", {g.op("tanh", {sums})}, {{"axes", Ints{-1}}, {"keepdims", false}})});
}

std::vector<Value> lower(LayerCall& call) {
  return lower_dense_attention(call, scores);
}

}  // namespace

CORNU_LAYER(attention) = {.keras_names = {"Attention"}, .lower = lower};

}  // namespace cornu::layers
