// The table of operators: functions by the names that Keras 3 and TensorFlow give them. See operators.h.
// Keras 3 writes classes ("LogicalAnd" of module keras.src.ops.numpy), tf.keras 2 functions
// ("math.logical_and"), tf.keras before 2.4 graph nodes ("LogicalAnd"): all of them mean "logical_and" here.
#include <string>
#include <unordered_map>

#include "layers/operators.h"

namespace cornu::layers {
namespace {

constexpr int kMaxDepth = 100;  // of nested arguments; real ones stay below 5

bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}

std::unordered_map<std::string_view, const Operator*> index_names() {
  std::unordered_map<std::string_view, const Operator*> index;
  for (const auto& family : operator_families()) {
    for (const Operator& entry : family) {
      std::string_view names = entry.names;
      while (!names.empty()) {
        const size_t end = std::min(names.find(' '), names.size());
        index.emplace(names.substr(0, end), &entry);
        names.remove_prefix(std::min(end + 1, names.size()));
      }
    }
  }
  return index;
}

}  // namespace

std::vector<std::span<const Operator>> operator_families() {
  return {math_operators(),   reduction_operators(), shape_operators(),     creation_operators(),
          index_operators(),  nn_operators(),        linalg_operators(),    order_operators(),
          vector_operators(), building_operators(),  nan_operators(),       loss_operators(),
          image_operators(),  signal_operators(),    rearrange_operators(), special_operators(),
          matrix_operators(), scatter_operators(),   picture_operators(),   patch_operators(),
          text_operators(),   warp_operators()};
}

Argument literal_argument(LayerCall& call, const Json& json, int depth) {
  if (depth > kMaxDepth)
    call.fail(ErrorCode::bad_config, "arguments are nested deeper than {} levels", kMaxDepth);
  Argument argument;
  if (json.is_array()) {
    argument.kind = Argument::Kind::list;
    for (const Json& item : json.elements())
      argument.items.push_back(literal_argument(call, item, depth + 1));
  } else {
    argument.literal = json;
  }
  return argument;
}

std::string operator_name(std::string_view name) {
  if (const size_t dot = name.rfind('.'); dot != std::string_view::npos) name.remove_prefix(dot + 1);
  std::string snake;
  for (size_t i = 0; i < name.size(); ++i) {
    const bool starts_word = i > 0 && is_upper(name[i]) && name[i - 1] != '_' &&
                             (!is_upper(name[i - 1]) || (i + 1 < name.size() && is_lower(name[i + 1])));
    if (starts_word) snake += '_';
    snake += is_upper(name[i]) ? static_cast<char>(name[i] + 32) : name[i];
  }
  return snake;
}

const Operator* find_operator(std::string_view name) {
  static const auto index = index_names();  // immutable after the first call
  // tf.image.transpose is another function than tf.transpose: its name in the table is image_transpose.
  const size_t dot = name.rfind('.');
  if (dot != std::string_view::npos && dot > 0) {
    const std::string_view outer = name.substr(0, dot);
    const std::string own = std::string(outer.substr(outer.rfind('.') + 1)) + "_" + operator_name(name);
    if (const auto found = index.find(own); found != index.end()) return found->second;
  }
  const auto found = index.find(operator_name(name));
  return found == index.end() ? nullptr : found->second;
}

std::vector<Value> lower_operator(LayerCall& call, std::string_view name, const CallArguments& arguments) {
  const Operator* found = find_operator(name);
  if (found == nullptr) {
    call.fail(ErrorCode::unsupported, "the layer '{}' calls the function {}, which is unknown to Cornu",
              call.layer.name, name);
  }
  OperatorCall operator_call(call, name, found->signature, arguments);
  return found->lower(operator_call, found->op);
}

std::vector<Value> lower_operator(LayerCall& call, std::string_view name, bool config_arguments) {
  if (!config_arguments) return lower_operator(call, name, call.arguments);
  CallArguments arguments = call.arguments;
  for (const auto& [key, value] : call.config.json().members()) {
    call.config.raw({key});
    arguments.keyword.emplace_back(std::string(key), literal_argument(call, value));
  }
  return lower_operator(call, name, arguments);
}

}  // namespace cornu::layers
