// AdditiveAttention: y = softmax(scores) . value with scores = sum(scale * tanh(query + key)).
// Keras   AdditiveAttention (2.0 on)
// Input   [query, value] or [query, value, key], each [batch, length, channels]; masks of query and value
// Output  y [batch, query length, channels of value]; with return_attention_scores also the weights
// Weights scale (channels,) with use_scale
// Errors  bad_shape for another count of inputs
// Source  keras/src/layers/attention/additive_attention.py, 3.15
#include "layers/common_attention.h"

namespace cornu::layers {
namespace {

Value scores(LayerCall& call, Value query, Value key) {
  GraphBuilder& g = call.g;
  call.config.raw({"score_mode"});
  const Value rows = g.op("expand_dims", {query}, {{"axes", Ints{-2}}});
  Value sums = g.op("tanh", {g.op("add", {rows, g.op("expand_dims", {key}, {{"axes", Ints{-3}}})})});
  if (call.config.flag({"use_scale"}, true))
    sums = g.op("mul", {call.weight("scale", {g.shape(query).back()}), sums});
  return g.op("reduce_sum", {sums}, {{"axes", Ints{-1}}, {"keepdims", false}});
}

std::vector<Value> lower(LayerCall& call) {
  return lower_dense_attention(call, scores);
}

}  // namespace

CORNU_LAYER(additive_attention) = {.keras_names = {"AdditiveAttention"}, .lower = lower};

}  // namespace cornu::layers
