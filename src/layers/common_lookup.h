// What the layers that look indices up in a vocabulary share: IntegerLookup, StringLookup, TextVectorization.
#pragma once

#include "layers/layer.h"

namespace cornu::layers {

// The position of each x among the keys (a row of the same type, int64 or strings), -1 elsewhere.
Value lookup_positions(GraphBuilder& g, Value x, Value keys);

// The defaults of a layer, where its config is silent.
struct LookupDefaults {
  DType type;                  // of the vocabulary: int64 or string
  const char* mask = nullptr;  // JSON of the mask token
  const char* oov = "\"[UNK]\"";
  const char* mode = "int";
};

// Looks x up as the config says: max_tokens, num_oov_indices, mask_token, oov_token, vocabulary, idf_weights, invert,
// output_mode, pad_to_max_tokens, oov_method. A vocabulary that the config lacks is a weight slot "vocabulary.txt" of
// unknown size, which the importer fills from the asset of that name.
Value look_up(LayerCall& call, Value x, const LookupDefaults& defaults);

// For from_legacy: makes tokens of the text of the asset.
void read_vocabulary(LegacyWeights& weights, const LookupDefaults& defaults);

}  // namespace cornu::layers
