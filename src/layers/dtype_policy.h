// DtypePolicy: in which types a layer computes and keeps its weights, and how they are quantised.
#pragma once

#include <string>

#include "layers/layer.h"

namespace cornu::layers {

struct DtypePolicy {
  // Without a dtype of its own (Keras 1 and 2 files) a layer computes in float32.
  DType compute = DType::float32;
  DType variable = DType::float32;
  std::string mode;             // of quantisation: "int8", "int4", "float8", "gptq", "awq"; empty: none
  int64_t bits = 4;             // of a gptq weight
  int64_t group = -1;           // rows that share a scale under int4, gptq and awq; -1: all
  int64_t amax_history = 1024;  // of float8
};

// What the layer's `dtype` says: a type, a policy's name ("mixed_float16", "int8_from_float32"), a serialized policy,
// or a DTypePolicyMap, where the layer's path counts. Throws bad_config for another.
DtypePolicy dtype_policy(const LayerInstance& layer);

}  // namespace cornu::layers
