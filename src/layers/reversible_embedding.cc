// ReversibleEmbedding: y = embeddings[x]; called with reverse, the logits x . embeddings^T of every word.
// Keras   ReversibleEmbedding (3.13 on)
// Input   x  [...]  integers; with reverse [..., output_dim]
// Output  y  [..., output_dim], mask [...] if mask_zero; with reverse [..., input_dim] in reverse_dtype, softly capped:
//         cap * tanh(y / cap) with logit_soft_cap
// Weights embeddings (input_dim, output_dim); reverse_embeddings (output_dim, input_dim) without tie_weights
// Errors  bad_config if a size is not a positive integer or the cap is 0; bad_shape for another last axis
// Source  keras/src/layers/core/reversible_embedding.py, 3.15
#include "layers/common_embedding.h"
#include "layers/operators.h"

namespace cornu::layers {
namespace {

Value plain_logits(LayerCall& call, Value kernel, bool tied) {
  GraphBuilder& g = call.g;
  const LayerConfig& config = call.config;
  Value x = call.in[0];
  DType type = result_type(g.dtype(x), g.dtype(kernel));
  if (config.is_set({"reverse_dtype"})) {
    const auto stated = dtype_from_name(config.text({"reverse_dtype"}, ""));
    if (!stated || !dtype_is_floating(*stated))
      config.fail_value("reverse_dtype", config.raw({"reverse_dtype"}), "the name of a floating-point type");
    type = *stated;
  }
  const bool vector = g.rank(x) == 1;
  x = vector ? g.op("expand_dims", {x}, {{"axes", Ints{0}}}) : x;
  const Value y = g.op("matmul", {g.cast(x, type), g.cast(kernel, type)}, {{"transpose_b", tied}});
  return vector ? g.op("squeeze", {y}, {{"axes", Ints{0}}}) : y;
}

std::vector<Value> lower_reverse(LayerCall& call, const ReverseEmbedding& back, bool tied) {
  GraphBuilder& g = call.g;
  const Shape& x = g.shape(call.in[0]);
  if (x.rank() < 1 || (x.back() != back.channels && x.back() != Shape::kUnknown)) {
    call.fail(ErrorCode::bad_shape, "{} with reverse takes a last axis of {} elements, received shape {}",
              call.layer.class_name, back.channels, x.to_string());
  }
  const Value y = back.logits ? back.logits() : plain_logits(call, back.table, tied);
  if (!call.config.is_set({"logit_soft_cap"})) return {y};
  const Value cap = g.scalar_like(call.config.number({"logit_soft_cap"}, Range{1e-30, 1e30}), y);
  return {g.op("mul", {g.op("tanh", {g.op("div", {y, cap})}), cap})};
}

std::vector<Value> lower(LayerCall& call) {
  call.expect_inputs(1);
  const OperatorCall arguments(call, call.layer.class_name, "inputs reverse", call.arguments);
  const bool tied = call.config.flag({"tie_weights"}, true);
  const ReverseEmbedding back = reverse_embedding(call, tied);
  for (const char* key : {"mask_zero", "reverse_dtype", "logit_soft_cap"}) call.config.raw({key});
  if (arguments.flag("reverse", false)) return lower_reverse(call, back, tied);
  return lower_embedding(call);
}

}  // namespace

CORNU_LAYER(reversible_embedding) = {.keras_names = {"ReversibleEmbedding"},
                                     .lower = lower,
                                     .autocast = false,
                                     .from_legacy = quantized_from_legacy};

}  // namespace cornu::layers
