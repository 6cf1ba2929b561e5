// Embedding: y = embeddings[x]; with mask_zero, zeros of x are masked.
// Keras   Embedding, all versions
// Input   x  [...]  integers; floating point is cut to int32      Output  y  [..., output_dim]; mask [...] if
// mask_zero Weights embeddings (input_dim, output_dim) Errors  bad_config if input_dim or output_dim is not a
// positive integer; unsupported for a quantised table Source  keras/src/layers/core/embedding.py, 3.15
#include "layers/layer.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  call.expect_inputs(1);
  GraphBuilder& g = call.g;
  constexpr Range kSize{1, 2147483647};
  const Value embeddings = call.variable(
      "embeddings", {call.config.integer({"input_dim"}, kSize), call.config.integer({"output_dim"}, kSize)});
  call.config.raw(
      {"dropout", "embeddings_initializer", "sparse"});  // Keras 1 drops whole words while training
  Value ids = call.in[0];
  if (g.dtype(ids) != DType::int32 && g.dtype(ids) != DType::int64) ids = g.cast(ids, DType::int32);
  if (call.config.flag({"mask_zero"}, false)) {
    call.out_masks = {g.op("not_equal", {call.in[0], g.scalar_like(0.0, call.in[0])})};
  }
  const Value rows = g.op("gather", {embeddings, ids}, {{"axis", int64_t{0}}});
  return {g.cast(rows, dtype_is_floating(call.compute_dtype) ? call.compute_dtype : call.variable_dtype)};
}

}  // namespace

CORNU_LAYER(embedding) = {.keras_names = {"Embedding"}, .lower = lower, .autocast = false};

}  // namespace cornu::layers
