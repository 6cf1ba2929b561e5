// StringLookup: the index of each string in a vocabulary, or with invert the string of each index.
// Keras   StringLookup (tf.keras 2.4 on, 3)
// Config  vocabulary, or the asset vocabulary.txt of a .keras file; see common_lookup.h
// Input   x  [...] strings; with invert integers
// Output  y  [...] int64, with invert strings; one-hot, multi-hot, counted or tf-idf codes under other output modes
// Weights idf_weights (tokens,) under tf_idf, if the config has none
// Errors  bad_config for tokens that are no strings; bad_file for a vocabulary that is missing; unsupported for a salt
// Source  keras/src/layers/preprocessing/string_lookup.py, 3.15
#include "layers/common_lookup.h"

namespace cornu::layers {
namespace {

constexpr LookupDefaults kDefaults{.type = DType::string};

std::vector<Value> lower(LayerCall& call) {
  call.expect_inputs(1);
  return {look_up(call, call.in[0], kDefaults)};
}

void from_legacy(LegacyWeights& weights) {
  read_vocabulary(weights, kDefaults);
}

}  // namespace

CORNU_LAYER(string_lookup) = {
    .keras_names = {"StringLookup"}, .lower = lower, .autocast = false, .from_legacy = from_legacy};

}  // namespace cornu::layers
