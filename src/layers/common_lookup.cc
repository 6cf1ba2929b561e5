// See common_lookup.h. Source: keras/src/layers/preprocessing/index_lookup.py, 3.15;
// tf_keras/src/layers/preprocessing/index_lookup.py, 2.21
#include "layers/common_lookup.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <numeric>

#include "layers/common_categorical.h"
#include "layers/common_layout.h"

namespace cornu::layers {
namespace {

using Tokens = std::vector<std::string>;                    // integers as their digits
constexpr std::string_view kVocabulary = "vocabulary.txt";  // the asset's name, and the slot's

// What a config says about the indices in front of the vocabulary.
struct Lookup {
  DType type = DType::string;
  std::optional<std::string> mask;
  std::optional<std::string> oov;
  int64_t oov_count = 1;
  std::string mode;
  bool invert = false;

  int64_t oov_start() const { return mask && mode == "int" ? 1 : 0; }
  int64_t token_start() const { return oov_start() + oov_count; }
};

// A token of the config: a string, or an integer's digits; nothing for null.
std::optional<std::string> token_of(const LayerConfig& config, std::string_view key, const Json& json,
                                    DType type) {
  if (!json.exists() || json.is_null()) return std::nullopt;
  if (type == DType::string && json.is_string()) return std::string(json.string());
  if (type != DType::string && json.is_integer()) return std::to_string(json.integer());
  config.fail_value(key, json, type == DType::string ? "a string" : "an integer");
}

// The vocabulary without the tokens in front that stand for masked and unknown ones, if they are there; whether so.
bool drop_special(const Lookup& lookup, Tokens& tokens) {
  Tokens special(static_cast<size_t>(lookup.oov_start()), lookup.mask.value_or(""));
  special.resize(special.size() + static_cast<size_t>(lookup.oov_count), lookup.oov.value_or(""));
  if (tokens.size() < special.size() || !std::equal(special.begin(), special.end(), tokens.begin()))
    return false;
  tokens.erase(tokens.begin(), tokens.begin() + static_cast<long>(special.size()));
  return true;
}

Tensor tensor_of_tokens(const Lookup& lookup, const Tokens& tokens, const std::string& where) {
  const auto count = static_cast<int64_t>(tokens.size());
  if (lookup.type == DType::string) return string_tensor(tokens, {count});
  Ints numbers;
  for (const std::string& token : tokens) {
    int64_t number = 0;
    const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), number);
    if (error != std::errc() || end != token.data() + token.size())
      fail(ErrorCode::bad_file, where, "the vocabulary holds '{}' where integers are expected", token);
    numbers.push_back(number);
  }
  return tensor_of_ints(numbers, {count});
}

// Python's str.splitlines, without empty lines at the end.
Tokens lines_of(std::string_view text) {
  constexpr std::string_view kBreaks[] = {"\r\n", "\n",   "\r",       "\v",           "\f",          "\x1c",
                                          "\x1d", "\x1e", "\xC2\x85", "\xE2\x80\xA8", "\xE2\x80\xA9"};
  Tokens lines;
  while (!text.empty()) {
    size_t end = 0;
    size_t length = 0;
    for (; end < text.size() && length == 0; ++end) {
      for (std::string_view mark : kBreaks) {
        if (length == 0 && text.substr(end).starts_with(mark)) length = mark.size();
      }
    }
    if (length > 0) --end;
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(end + length);
  }
  while (!lines.empty() && lines.back().empty()) lines.pop_back();
  return lines;
}

// What the config says, without complaints about what look_up() refuses.
Lookup lookup_of(const LayerConfig& config, const LookupDefaults& defaults) {
  Lookup lookup;
  lookup.type = defaults.type;
  const auto token = [&](Keys keys, const char* fallback) {
    const Json json = config.raw(keys);
    return token_of(config, *keys.begin(),
                    json.exists() || fallback == nullptr ? json : Json::parse(fallback, ""), lookup.type);
  };
  lookup.mask = token({"mask_token", "mask_value"}, defaults.mask);
  lookup.oov = token({"oov_token", "oov_value"}, defaults.oov);
  lookup.oov_count = config.integer({"num_oov_indices"}, 1, Range{0, INT32_MAX});
  lookup.invert = config.flag({"invert"}, false);
  lookup.mode = output_mode(config, defaults.mode, {"int", "one_hot", "multi_hot", "count", "tf_idf"});
  config.raw({"encoding", "vocabulary_dtype", "has_static_table", "has_input_vocabulary"});
  return lookup;
}

// The tokens as a row: those of the config, or of the file's assets. `found_special`, for the config's.
Value token_row(LayerCall& call, const Lookup& lookup, bool& found_special) {
  const Json given = call.config.raw({"vocabulary"});
  found_special = true;
  if (!given.exists() || given.is_null()) {
    for (const WeightSlot& slot : call.layer.weights) {
      if (slot.name == kVocabulary) return slot.value;
    }
    const Value row = call.g.graph().add_constant({lookup.type, {Shape::kUnknown}, nullptr, nullptr, false});
    call.layer.weights.push_back({std::string(kVocabulary), {Shape::kUnknown}, false, row, {}});
    return row;
  }
  if (!given.is_array()) {  // the name of a file outside, which is never opened
    call.config.fail_value("vocabulary", given, "a list of tokens");
  }
  Tokens tokens;
  for (const Json& item : given.elements()) {
    const auto token = token_of(call.config, "vocabulary", item, lookup.type);
    tokens.push_back(token.value_or(""));
  }
  found_special = drop_special(lookup, tokens);
  return call.g.constant(tensor_of_tokens(lookup, tokens, call.layer.name + ": vocabulary"));
}

// Tokens at indices: those behind the vocabulary become the unknown token, index 0 the masked one.
Value invert(LayerCall& call, const Lookup& lookup, Value x, Value tokens) {
  GraphBuilder& g = call.g;
  const std::string unknown = lookup.oov.value_or(lookup.type == DType::string ? "" : "-1");
  const Value extra =
      g.constant(tensor_of_tokens(lookup, {unknown, lookup.mask.value_or(unknown)}, call.layer.name));
  const Value row = g.op("concat", {tokens, extra}, {{"axis", int64_t{0}}});
  const Value size = g.cast(g.op("shape", {tokens}), DType::int64);
  const Value index = g.cast(x, DType::int64);
  const Value place = g.op("sub", {index, g.scalar_like(static_cast<double>(lookup.token_start()), index)});
  const Value inside = g.op("logical_and", {g.op("greater_equal", {place, g.scalar_like(0, place)}),
                                            g.op("less", {place, g.reshape(size, {})})});
  Value at = g.op("select", {inside, place, g.reshape(size, {})});
  if (lookup.mask) {
    const Value behind = g.op("add", {g.reshape(size, {}), g.scalar_like(1, size)});
    at = g.op("select", {g.op("equal", {index, g.scalar_like(0, index)}), behind, at});
  }
  return g.op("gather", {row, at}, {{"axis", int64_t{0}}});
}

// The index of each x; masked ones get 0, or one that no code counts.
Value indices_of(LayerCall& call, const Lookup& lookup, Value x, Value tokens) {
  GraphBuilder& g = call.g;
  const Value position = lookup_positions(g, x, tokens);
  const auto number = [&](int64_t value) { return g.constant(tensor_of_ints(Ints{value}, {})); };
  Value unknown = number(lookup.oov_count == 0 ? -1 : lookup.oov_start());
  if (lookup.oov_count > 1) {
    const std::string method = call.config.choice({"oov_method"}, "floormod", {"floormod", "farmhash"});
    const bool modulo = lookup.type != DType::string && method == "floormod";
    unknown = modulo ? g.op("mod", {x, number(lookup.oov_count)})
                     : g.op(lookup.type == DType::string ? "string_hash_bucket" : "hash_bucket", {x},
                            {{"buckets", lookup.oov_count}});
    unknown = g.op("add", {unknown, number(lookup.oov_start())});
  }
  const Value known = g.op("greater_equal", {position, number(0)});
  Value y = g.op("select", {known, g.op("add", {position, number(lookup.token_start())}), unknown});
  if (!lookup.mask) return y;
  const Value masked =
      lookup_positions(g, x, g.constant(tensor_of_tokens(lookup, {*lookup.mask}, call.layer.name)));
  const int64_t instead = lookup.mode == "int" ? 0 : std::numeric_limits<int64_t>::max();
  return g.op("select", {g.op("equal", {masked, number(0)}), number(instead), y});
}

// How many indices there are: max_tokens with pad_to_max_tokens, else as many as the vocabulary needs.
int64_t depth_of(LayerCall& call, const Lookup& lookup, Value tokens) {
  const LayerConfig& config = call.config;
  constexpr Range kSize{1, INT32_MAX};
  if (config.flag({"pad_to_max_tokens"}, false)) return config.integer({"max_tokens", "max_values"}, kSize);
  const int64_t known = call.g.shape(tokens)[0];
  if (known != Shape::kUnknown) return lookup.token_start() + known;
  return config.integer({"vocabulary_size"}, kSize);
}

// Weights of the config are those of its vocabulary: unknown tokens in front get their average.
Value idf_weights(LayerCall& call, const Lookup& lookup, int64_t depth, bool found_special) {
  if (!call.config.is_set({"idf_weights"})) return call.weight("idf_weights", {depth}, false);
  std::vector<double> given = to_doubles(numbers_of(call.config, "idf_weights", DType::float64));
  if (!found_special && !given.empty()) {
    const double average =
        std::accumulate(given.begin(), given.end(), 0.0) / static_cast<double>(given.size());
    given.insert(given.begin(), static_cast<size_t>(lookup.token_start()), average);
  }
  if (static_cast<int64_t>(given.size()) > depth)
    call.config.fail_value("idf_weights", call.config.raw({"idf_weights"}), "a weight for each token");
  std::vector<float> weights(given.begin(), given.end());
  weights.resize(static_cast<size_t>(depth));
  return call.g.constant(tensor_of(weights, {depth}));
}

}  // namespace

Value lookup_positions(GraphBuilder& g, Value x, Value keys) {
  const Value found = g.op(g.dtype(x) == DType::string ? "string_index_lookup" : "index_lookup", {x, keys});
  return found;
}

Value look_up(LayerCall& call, Value x, const LookupDefaults& defaults) {
  GraphBuilder& g = call.g;
  const Lookup lookup = lookup_of(call.config, defaults);
  refuse_sparse(call);
  if (call.config.is_set({"salt"}))
    call.fail(ErrorCode::unsupported, "{} with a salt, which chooses the SipHash function",
              call.layer.class_name);
  if (lookup.invert && lookup.mode != "int")
    call.config.fail_value("output_mode", call.config.raw({"output_mode"}), "int where invert is true");
  call.config.raw(
      {"max_tokens", "max_values", "vocabulary_size", "pad_to_max_tokens", "idf_weights", "oov_method"});
  bool found_special = true;
  const Value tokens = token_row(call, lookup, found_special);
  if (lookup.invert) return invert(call, lookup, x, tokens);
  if (lookup.type != DType::string) x = g.cast(x, lookup.type);
  if (g.dtype(x) != lookup.type) {
    call.fail(ErrorCode::bad_shape, "{} takes {} inputs, received {}", call.layer.class_name,
              dtype_name(lookup.type), dtype_name(g.dtype(x)));
  }
  const Value indices = indices_of(call, lookup, x, tokens);
  if (lookup.mode == "int") return indices;
  const int64_t depth = depth_of(call, lookup, tokens);
  if (g.rank(indices) < 1)
    call.fail(ErrorCode::bad_shape, "{} encodes at least one axis, received a scalar", call.layer.class_name);
  if (lookup.mode != "tf_idf") {
    const DType type = call.dialect.keras_major >= 3 ? DType::int64 : DType::float32;
    return encode_categories(call, indices, lookup.mode, depth, type);
  }
  const Value counts = encode_categories(call, indices, "count", depth, DType::float32);
  return g.op("mul", {counts, g.cast(idf_weights(call, lookup, depth, found_special), DType::float32)});
}

void read_vocabulary(LegacyWeights& weights, const LookupDefaults& defaults) {
  const Lookup lookup = lookup_of(weights.layer.config, defaults);
  for (StoredWeight& stored : weights.stored) {
    if (stored.name != kVocabulary) continue;
    Tokens tokens = lines_of(*reinterpret_cast<const std::string*>(stored.tensor.data));
    drop_special(lookup, tokens);
    stored.tensor = tensor_of_tokens(lookup, tokens, stored.name);
  }
}

}  // namespace cornu::layers
