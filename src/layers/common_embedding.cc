// See common_embedding.h. Source: keras/src/layers/core/embedding.py, 3.15
#include "layers/common_embedding.h"

namespace cornu::layers {

Value embedding_table(LayerCall& call) {
  constexpr Range kSize{1, 2147483647};
  call.config.raw({"dropout", "sparse"});  // Keras 1 drops whole words while training
  return call.variable(
      "embeddings", {call.config.integer({"input_dim"}, kSize), call.config.integer({"output_dim"}, kSize)});
}

std::vector<Value> lower_embedding(LayerCall& call) {
  GraphBuilder& g = call.g;
  const Value table = embedding_table(call);
  Value ids = call.in[0];
  if (g.dtype(ids) != DType::int32 && g.dtype(ids) != DType::int64) ids = g.cast(ids, DType::int32);
  if (call.config.flag({"mask_zero"}, false)) {
    call.out_masks = {g.op("not_equal", {call.in[0], g.scalar_like(0.0, call.in[0])})};
  }
  const Value rows = g.op("gather", {table, ids}, {{"axis", int64_t{0}}});
  return {g.cast(rows, dtype_is_floating(call.compute_dtype) ? call.compute_dtype : call.variable_dtype)};
}

}  // namespace cornu::layers
