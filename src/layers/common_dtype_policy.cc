// See dtype_policy.h. Source: keras/src/dtype_policies/dtype_policy.py and dtype_policy_map.py, 3.15
#include "layers/dtype_policy.h"

#include <re2/re2.h>

#include <charconv>

namespace cornu::layers {
namespace {

[[noreturn]] void fail_dtype(const LayerInstance& layer, const Json& dtype) {
  throw Error(ErrorCode::bad_config,
              fmt::format("the dtype {} is not a type or policy that Cornu knows", dtype.dump()), layer.name);
}

// "float32", "mixed_float16".
DtypePolicy plain_policy(const LayerInstance& layer, const Json& dtype, std::string_view name) {
  const bool mixed = name.starts_with("mixed_");
  if (mixed) name.remove_prefix(std::string_view("mixed_").size());
  const auto found = dtype_from_name(name);
  if (!found) fail_dtype(layer, dtype);
  DtypePolicy policy;
  policy.compute = *found;
  // Layers without floating-point results (an int32 InputLayer, a string layer) still hold float32 weights.
  if (dtype_is_floating(*found) && !mixed) policy.variable = *found;
  return policy;
}

std::vector<std::string_view> parts_of(std::string_view text) {
  std::vector<std::string_view> parts;
  for (size_t begin = 0; begin <= text.size();) {
    const size_t end = std::min(text.find('/', begin), text.size());
    parts.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

// mode "int8", "int4/GROUP", "gptq/BITS/GROUP", "awq/BITS/GROUP" over the policy `source`.
DtypePolicy quantized_policy(const LayerInstance& layer, const Json& dtype, std::string_view mode,
                             std::string_view source) {
  DtypePolicy policy = plain_policy(layer, dtype, source);
  const std::vector<std::string_view> parts = parts_of(mode);
  const auto number = [&](size_t i, int64_t low, int64_t high) {
    int64_t value = 0;
    const auto [end, error] = std::from_chars(parts[i].data(), parts[i].data() + parts[i].size(), value);
    if (error != std::errc() || end != parts[i].data() + parts[i].size() || value < low || value > high)
      fail_dtype(layer, dtype);
    return value;
  };
  policy.mode = parts[0];
  const bool grouped = policy.mode == "gptq" || policy.mode == "awq";
  const bool known = policy.mode == "int8" || policy.mode == "int4" || policy.mode == "float8" || grouped;
  const size_t most = grouped ? 3 : policy.mode == "int4" ? 2 : 1;
  if (!known || parts.size() > most || (grouped && parts.size() != 3)) fail_dtype(layer, dtype);
  if (grouped) policy.bits = number(1, 2, 8);
  if (parts.size() > 1) policy.group = number(parts.size() - 1, -1, 2147483647);
  if (policy.group == 0) fail_dtype(layer, dtype);
  return policy;
}

DtypePolicy policy_of(const LayerInstance& layer, const Json& dtype);

// A map's keys are paths of layers: names from some outer layer on, or regular expressions for them.
DtypePolicy mapped_policy(const LayerInstance& layer, const Json& map) {
  std::string path = layer.name;
  for (const LayerInstance* outer = &layer; outer != nullptr; outer = outer->parent) {
    if (outer != &layer) path = outer->name + "/" + path;
    if (const Json exact = map["policy_map"][path]; exact.exists()) return policy_of(layer, exact);
    for (const auto& [pattern, policy] : map["policy_map"].members()) {
      const RE2 expression(re2::StringPiece(pattern.data(), pattern.size()), RE2::Quiet);
      if (expression.ok() && RE2::FullMatch(path, expression)) return policy_of(layer, policy);
    }
  }
  const Json fallback = map["default_policy"];
  return fallback.exists() && !fallback.is_null() ? policy_of(layer, fallback) : DtypePolicy{};
}

DtypePolicy policy_of(const LayerInstance& layer, const Json& dtype) {
  const Json config = dtype["config"];
  if (config["policy_map"].is_object()) return mapped_policy(layer, config);
  if (config["mode"].is_string()) {
    const Json source = config["source_name"];
    DtypePolicy policy = quantized_policy(layer, dtype, config["mode"].string(),
                                          source.is_string() ? source.string() : "float32");
    const Json length = config["amax_history_length"];
    if (length.is_integer() && length.integer() > 0) policy.amax_history = length.integer();
    return policy;
  }
  Json name = dtype;
  if (dtype.is_object()) name = config.is_object() ? config["name"] : config;
  if (!name.is_string()) return {};
  const std::string_view text = name.string();
  const size_t from = text.find("_from_");
  return from == std::string_view::npos
             ? plain_policy(layer, dtype, text)
             : quantized_policy(layer, dtype, text.substr(0, from), text.substr(from + 6));
}

}  // namespace

DtypePolicy dtype_policy(const LayerInstance& layer) {
  return policy_of(layer, layer.config.json()["dtype"]);
}

}  // namespace cornu::layers
