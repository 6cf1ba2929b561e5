// TextVectorization: texts to rows of indices in a vocabulary, or to codes of which tokens occur.
// Keras   TextVectorization (tf.keras 2.1 on, 3)
// Config  vocabulary, or the asset vocabulary.txt of a .keras file; see common_lookup.h
// Input   x  (batch) or (batch, 1) strings; with split null any shape
// Output  y  (batch, output_sequence_length), or as long as the longest text, int64; multi-hot, counted or tf-idf codes
//         (batch, tokens) under other output modes
// Weights idf_weights (tokens,) under tf_idf, if the config has none
// Errors  unsupported for functions as standardize or split, and ragged or sparse outputs
// Source  keras/src/layers/preprocessing/text_vectorization.py, 3.15
#include "layers/common_lookup.h"

namespace cornu::layers {
namespace {

constexpr LookupDefaults kDefaults{.type = DType::string, .mask = "\"\""};

constexpr int64_t kMaxLength = 1 << 24;  // tokens of a row; longer rows are an attack

// A setting that may be a Python function.
std::string named(LayerCall& call, std::string_view key, std::string_view fallback,
                  std::initializer_list<std::string_view> choices) {
  const Json value = call.config.raw({key});
  if (value.is_object())
    call.fail(ErrorCode::unsupported, "TextVectorization whose {} is the Python function {}", key,
              value["config"].exists() ? value["config"].dump() : value.dump());
  if (value.exists() && value.is_null()) return "";
  return call.config.choice({key}, fallback, choices);
}

// All of 1 .. n, or the n that are listed.
std::optional<Ints> ngrams_of(const LayerConfig& config) {
  if (!config.is_set({"ngrams"})) return std::nullopt;
  Ints given = config.ints({"ngrams"});
  if (config.raw({"ngrams"}).is_integer()) {
    const int64_t longest = config.integer({"ngrams"}, Range{1, 1000});
    given.clear();
    for (int64_t n = 1; n <= longest; ++n) given.push_back(n);
  }
  for (int64_t n : given) {
    if (n < 1 || n > 1000)
      config.fail_value("ngrams", config.raw({"ngrams"}), "integers from 1 to 1000, or null");
  }
  return given;
}

std::vector<Value> lower(LayerCall& call) {
  call.expect_inputs(1);
  GraphBuilder& g = call.g;
  const LayerConfig& config = call.config;
  const std::string standardize = named(call, "standardize", "lower_and_strip_punctuation",
                                        {"lower_and_strip_punctuation", "lower", "strip_punctuation"});
  const std::string split = named(call, "split", "whitespace", {"whitespace", "character"});
  if (config.flag({"ragged"}, false))
    call.fail(ErrorCode::unsupported, "TextVectorization with ragged outputs");
  Value x = call.in[0];
  if (g.dtype(x) != DType::string || g.rank(x) < 1 || g.rank(x) > 2 ||
      (g.rank(x) == 2 && g.shape(x)[1] != 1)) {
    call.fail(ErrorCode::bad_shape,
              "TextVectorization takes strings of shape (batch) or (batch, 1), received {} {}",
              dtype_name(g.dtype(x)), g.shape(x).to_string());
  }
  if (g.rank(x) == 2) x = g.op("squeeze", {x}, {{"axes", Ints{1}}});
  Attrs attrs{{"lower", standardize.starts_with("lower")},
              {"strip", standardize.ends_with("strip_punctuation")},
              {"split", split}};
  if (const auto ngrams = ngrams_of(config)) attrs.set("ngrams", *ngrams);
  if (config.is_set({"output_sequence_length"}))
    attrs.set("length", config.integer({"output_sequence_length"}, Range{0, kMaxLength}));
  const Value tokens = g.op("tokenize", {x}, attrs);
  return {look_up(call, tokens, kDefaults)};
}

void from_legacy(LegacyWeights& weights) {
  read_vocabulary(weights, kDefaults);
}

}  // namespace

CORNU_LAYER(text_vectorization) = {
    .keras_names = {"TextVectorization"}, .lower = lower, .autocast = false, .from_legacy = from_legacy};

}  // namespace cornu::layers
