#include "layers/config.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <unordered_set>

#include "base/fail.h"

namespace cornu::layers {
namespace {

// Keys without meaning for prediction. A key that is neither read by a layer nor listed here changes what the
// layer computes in a way Cornu does not know, so it is refused by name.
const std::unordered_set<std::string_view>& keys_without_meaning() {
  static const std::unordered_set<std::string_view> keys = {
      // every layer, all Keras versions
      "name",
      "trainable",
      "dtype",
      "batch_input_shape",
      "batch_shape",
      "input_shape",
      "input_dtype",
      "batch_size",
      "build_config",
      "activity_regularizer",
      "registered_name",
      "module",
      "class_name",
      "autocast",
      "shared_object_id",
      "cache_layers",
      "dynamic",
      "stateful",
      "supports_masking",
      "quantization_config",
      "input_dim",
      "input_length",
      "init",
      "custom_name",
      // how weights are made, kept small or kept in bounds while training
      "kernel_initializer",
      "bias_initializer",
      "kernel_regularizer",
      "bias_regularizer",
      "kernel_constraint",
      "bias_constraint",
      "depthwise_initializer",
      "depthwise_regularizer",
      "depthwise_constraint",
      "pointwise_initializer",
      "pointwise_regularizer",
      "pointwise_constraint",
      "embeddings_initializer",
      "embeddings_regularizer",
      "embeddings_constraint",
      "alpha_initializer",
      "alpha_regularizer",
      "alpha_constraint",
      "beta_initializer",
      "gamma_initializer",
      "beta_regularizer",
      "gamma_regularizer",
      "beta_constraint",
      "gamma_constraint",
      "moving_mean_initializer",
      "moving_variance_initializer",
      "recurrent_initializer",
      "recurrent_regularizer",
      "recurrent_constraint",
      "W_regularizer",
      "b_regularizer",
      "W_constraint",
      "b_constraint",
      "U_regularizer",
      "inner_init",
      "forget_bias_init",
      "W_learning_rate_multiplier",
      "b_learning_rate_multiplier",
      "weights",
      "lora_rank",
      "lora_alpha",
      "use_lora",
      "seed",
      "synchronized",
  };
  return keys;
}

[[noreturn]] void fail_key(const LayerConfig& config, std::string_view key, const Json& value,
                           const std::string& expected) {
  std::string received = value.dump();
  if (received.size() > 80) received = received.substr(0, 77) + "...";
  fail(ErrorCode::bad_config, fmt::format("{}: {}", config.layer(), key), "expected {}, received {}",
       expected, received);
}

std::string range_text(const char* kind, Range range) {
  if (range.low > -1e300 && range.high < 1e300)
    return fmt::format("{} from {} to {}", kind, range.low, range.high);
  if (range.low > -1e300) return fmt::format("{} of at least {}", kind, range.low);
  if (range.high < 1e300) return fmt::format("{} of at most {}", kind, range.high);
  return kind;
}

// Arrays and tuples that encoders of Keras wrapped: {"type": "ndarray", "value": 0.3} (2.2), {"class_name":
// "__numpy__", "config": {"value": ...}} (3), {"class_name": "__tuple__", "items": [...]} (tf.keras).
// Anything else as it is.
Json unwrapped(const Json& value) {
  if (!value.is_object()) return value;
  const Json class_name = value["class_name"];
  if (value["type"].is_string() && value["value"].exists()) return value["value"];
  if (!class_name.is_string()) return value;
  if (class_name.string() == "__tuple__") return value["items"];
  if (class_name.string() == "__numpy__" || class_name.string() == "__tensor__")
    return value["config"]["value"];
  return value;
}

bool inside(double value, Range range) {
  return value >= range.low && value <= range.high;
}

}  // namespace

void LayerConfig::fail_value(std::string_view key, const Json& value, const std::string& expected) const {
  fail_key(*this, key, value, expected);
}

std::string_view LayerConfig::present(Keys keys) const {
  std::string_view found;
  for (std::string_view key : keys) {
    read_.push_back(key);
    if (found.empty() && json_[key].exists()) found = key;
  }
  return found;
}

Json LayerConfig::raw(Keys keys) const {
  return json_[present(keys)];
}

bool LayerConfig::is_set(Keys keys) const {
  const Json value = raw(keys);
  return value.exists() && !value.is_null();
}

bool LayerConfig::flag(Keys keys, bool fallback) const {
  const std::string_view key = present(keys);
  const Json value = json_[key];
  if (!value.exists() || value.is_null()) return fallback;
  if (value.is_bool()) return value.boolean();
  if (value.is_integer() && (value.integer() == 0 || value.integer() == 1)) return value.integer() == 1;
  fail_key(*this, key, value, "true or false");
}

int64_t LayerConfig::integer(Keys keys, Range range) const {
  const std::string_view key = present(keys);
  const Json value = json_[key];
  if (!value.is_integer() || !inside(static_cast<double>(value.integer()), range)) {
    fail_key(*this, key.empty() ? *keys.begin() : key, value, range_text("an integer", range));
  }
  return value.integer();
}

int64_t LayerConfig::integer(Keys keys, int64_t fallback, Range range) const {
  return present(keys).empty() ? fallback : integer(keys, range);
}

double LayerConfig::number(Keys keys, Range range) const {
  const std::string_view key = present(keys);
  const Json value = unwrapped(json_[key]);
  if (!value.is_number() || !inside(value.number(), range)) {
    fail_key(*this, key.empty() ? *keys.begin() : key, value, range_text("a number", range));
  }
  return value.number();
}

double LayerConfig::number(Keys keys, double fallback, Range range) const {
  return present(keys).empty() ? fallback : number(keys, range);
}

std::string LayerConfig::text(Keys keys, std::string_view fallback) const {
  const std::string_view key = present(keys);
  const Json value = json_[key];
  if (!value.exists() || value.is_null()) return std::string(fallback);
  if (!value.is_string()) fail_key(*this, key, value, "a string");
  return std::string(value.string());
}

std::string LayerConfig::choice(Keys keys, std::string_view fallback,
                                std::initializer_list<std::string_view> choices) const {
  const std::string value = text(keys, fallback);
  if (std::find(choices.begin(), choices.end(), value) == choices.end()) {
    const std::string_view key = present(keys);
    fail_key(*this, key, json_[key], fmt::format("one of {}", fmt::join(choices, ", ")));
  }
  return value;
}

Ints LayerConfig::ints(Keys keys) const {
  const std::string_view key = present(keys);
  const Json value = unwrapped(json_[key]);
  Ints out;
  if (value.is_integer()) {
    out.push_back(value.integer());
    return out;
  }
  if (!value.is_array()) fail_key(*this, key.empty() ? *keys.begin() : key, value, "a list of integers");
  for (const Json& item : value.elements()) {
    if (!item.is_integer()) fail_key(*this, key, value, "a list of integers");
    out.push_back(item.integer());
  }
  return out;
}

Ints LayerConfig::ints(Keys keys, Ints fallback) const {
  return is_set(keys) ? ints(keys) : std::move(fallback);
}

Ints LayerConfig::spatial(Keys keys, int count, int64_t fallback, int64_t low) const {
  const auto n = static_cast<size_t>(count);
  if (!is_set(keys)) return Ints(n, fallback);
  Ints out = ints(keys);
  const std::string_view key = present(keys);
  if (out.size() == 1 && n > 1 && json_[key].is_integer()) out.assign(n, out[0]);
  const bool too_small =
      std::any_of(out.begin(), out.end(), [low](int64_t v) { return v < low || v > INT32_MAX; });
  if (out.size() != n || too_small) {
    fail_key(*this, key, json_[key], fmt::format("{} integer{} of at least {}", n, n == 1 ? "" : "s", low));
  }
  return out;
}

Shape LayerConfig::shape(Keys keys) const {
  const std::string_view key = present(keys);
  const Json value = unwrapped(json_[key]);
  Shape out;
  if (!value.is_array()) fail_key(*this, key.empty() ? *keys.begin() : key, value, "a list of sizes");
  for (const Json& item : value.elements()) {
    if (item.is_null()) {
      out.push_back(Shape::kUnknown);
    } else if (item.is_integer() && item.integer() >= 0) {
      out.push_back(item.integer());
    } else {
      fail_key(*this, key, value, "a list of sizes, each an integer of at least 0 or null");
    }
  }
  return out;
}

int64_t LayerConfig::checked_axis(std::string_view key, int64_t axis, int rank) const {
  if (axis < -rank || axis >= rank)
    fail_key(*this, key, json_[key], fmt::format("an axis from {} to {}", -rank, rank - 1));
  return axis < 0 ? axis + rank : axis;
}

bool LayerConfig::channels_first() const {
  const std::string format = choice({"data_format", "dim_ordering"}, "channels_last",
                                    {"channels_last", "channels_first", "tf", "th", "default"});
  return format == "channels_first" || format == "th";
}

std::vector<std::string> LayerConfig::unread() const {
  std::vector<std::string> names;
  for (const auto& [key, value] : json_.members()) {
    const bool known =
        std::find(read_.begin(), read_.end(), key) != read_.end() || keys_without_meaning().contains(key);
    if (!known) names.emplace_back(key);
  }
  return names;
}

}  // namespace cornu::layers
