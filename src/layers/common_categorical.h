// What the layers that encode categories share.
#pragma once

#include "layers/layer.h"

namespace cornu::layers {

// output_mode of the config; "binary" and "tf-idf" are old names of multi_hot and tf_idf. Throws bad_config unless it is
// one of `modes`.
std::string output_mode(const LayerConfig& config, std::string_view fallback,
                        std::initializer_list<std::string_view> modes);
void refuse_sparse(LayerCall& call);  // throws unsupported if the config asks for sparse outputs

// Indices (..., n) as `mode` says: "int" themselves; "one_hot" (..., n, depth), or (..., depth) for n = 1; "multi_hot" and
// "count" (..., depth) over the last axis, with three or more axes over axis 1. Indices outside [0, depth) do not
// count. The result has the type `dtype`, with weights theirs.
Value encode_categories(LayerCall& call, Value indices, std::string_view mode, int64_t depth, DType dtype,
                        Value weights = {});

}  // namespace cornu::layers
