// Embedding: y = embeddings[x]; with mask_zero, zeros of x are masked.
// Keras   Embedding, all versions
// Input   x  [...]  integers; floating point is cut to int32      Output  y  [..., output_dim]; mask [...] if
// mask_zero
// Weights embeddings (input_dim, output_dim); those of the quantised modes and of LoRA adapters, see quantized.h
// Errors  bad_config if input_dim or output_dim is not a positive integer
// Source  keras/src/layers/core/embedding.py, 3.15
#include "layers/common_embedding.h"

namespace cornu::layers {
namespace {

std::vector<Value> lower(LayerCall& call) {
  call.expect_inputs(1);
  return lower_embedding(call);
}

}  // namespace

CORNU_LAYER(embedding) = {
    .keras_names = {"Embedding"}, .lower = lower, .autocast = false, .from_legacy = quantized_from_legacy};

}  // namespace cornu::layers
