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

std::vector<Value> lower_reverse(LayerCall& call, Value table, Value reverse_table) {
  GraphBuilder& g = call.g;
  const LayerConfig& config = call.config;
  const bool tied = !reverse_table.valid();
  Value x = call.in[0];
  Value kernel = tied ? table : reverse_table;
  DType type = result_type(g.dtype(x), g.dtype(kernel));
  if (config.is_set({"reverse_dtype"})) {
    const auto stated = dtype_from_name(config.text({"reverse_dtype"}, ""));
    if (!stated || !dtype_is_floating(*stated))
      config.fail_value("reverse_dtype", config.raw({"reverse_dtype"}), "the name of a floating-point type");
    type = *stated;
  }
  const int64_t channels = g.shape(kernel)[tied ? 1 : 0];
  if (g.rank(x) < 1 || (g.shape(x).back() != channels && g.shape(x).back() != Shape::kUnknown)) {
    call.fail(ErrorCode::bad_shape, "{} with reverse takes a last axis of {} elements, received shape {}",
              call.layer.class_name, channels, g.shape(x).to_string());
  }
  const bool vector = g.rank(x) == 1;
  x = vector ? g.op("expand_dims", {x}, {{"axes", Ints{0}}}) : x;
  Value y = g.op("matmul", {g.cast(x, type), g.cast(kernel, type)}, {{"transpose_b", tied}});
  if (vector) y = g.op("squeeze", {y}, {{"axes", Ints{0}}});
  if (!config.is_set({"logit_soft_cap"})) return {y};
  const Value cap = g.scalar_like(config.number({"logit_soft_cap"}, Range{1e-30, 1e30}), y);
  return {g.op("mul", {g.op("tanh", {g.op("div", {y, cap})}), cap})};
}

std::vector<Value> lower(LayerCall& call) {
  call.expect_inputs(1);
  const OperatorCall arguments(call, call.layer.class_name, "inputs reverse", call.arguments);
  const Value table = embedding_table(call);
  Value reverse_table;
  if (!call.config.flag({"tie_weights"}, true)) {
    const Shape& sizes = call.g.shape(table);
    reverse_table = call.variable("reverse_embeddings", {sizes[1], sizes[0]});
  }
  call.config.raw({"mask_zero", "reverse_dtype", "logit_soft_cap"});
  if (arguments.flag("reverse", false)) return lower_reverse(call, table, reverse_table);
  return lower_embedding(call);
}

}  // namespace

CORNU_LAYER(reversible_embedding) = {
    .keras_names = {"ReversibleEmbedding"}, .lower = lower, .autocast = false};

}  // namespace cornu::layers
