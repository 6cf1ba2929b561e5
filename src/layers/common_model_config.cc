#include <algorithm>

#include "base/fail.h"
#include "layers/layer.h"
#include "layers/model_config.h"

namespace cornu::layers {
namespace {

constexpr int kMaxDepth = 100;  // nesting of models and wrappers; real models stay below 10

std::string layer_name(const Json& serialized) {
  const Json name =
      serialized["config"]["name"].is_string() ? serialized["config"]["name"] : serialized["name"];
  return name.is_string() ? std::string(name.string()) : std::string("layer");
}

DType input_dtype(const Json& config, const std::string& layer) {
  Json dtype = config["input_dtype"].is_string() ? config["input_dtype"] : config["dtype"];
  if (dtype.is_object()) dtype = dtype["config"]["name"];
  if (!dtype.is_string()) return DType::float32;
  std::string_view name = dtype.string();
  if (name.starts_with("mixed_")) name.remove_prefix(6);
  const auto found = dtype_from_name(name);
  if (!found)
    fail(ErrorCode::bad_config, layer, "the input dtype {} is not a type that Cornu knows", dtype.dump());
  return *found;
}

Json shape_json(const Json& config) {
  for (const char* key : {"batch_shape", "batch_input_shape"}) {
    if (config[key].is_array()) return config[key];
  }
  return {};
}

std::optional<ModelInput> input_of_layer(const Json& serialized) {
  const Json config = serialized["config"];
  const std::string name = layer_name(serialized);
  const Json shape = shape_json(config);
  if (!shape.exists()) return std::nullopt;
  const LayerConfig checked(config, name);
  ModelInput input{name, input_dtype(config, name), checked.shape({"batch_shape", "batch_input_shape"})};
  return input;
}

bool is_class(const Json& serialized, std::initializer_list<std::string_view> names) {
  const Json name = serialized["class_name"];
  return name.is_string() && std::find(names.begin(), names.end(), name.string()) != names.end();
}

std::vector<ModelInput> inputs_at(const Json& serialized, int depth);

// Keras 3 and late tf.keras record the shape a Sequential was built with.
std::optional<Shape> build_shape(const Json& serialized) {
  const Json candidates[] = {serialized["config"]["build_input_shape"],
                             serialized["build_config"]["input_shape"]};
  for (const Json& shape : candidates) {
    if (!shape.is_array() || shape.size() == 0) continue;
    Shape out;
    for (const Json& dim : shape.elements())
      out.push_back(dim.is_integer() ? dim.integer() : Shape::kUnknown);
    return out;
  }
  return std::nullopt;
}

std::vector<ModelInput> sequential_inputs(const Json& serialized, int depth) {
  const Json layers = sequential_layers(serialized["config"]);
  const Json first = layers.at(0);
  if (!first.exists())
    fail(ErrorCode::bad_config, layer_name(serialized), "the Sequential model has no layers");
  if (is_class(first, {"InputLayer"})) return inputs_at(first, depth + 1);
  if (is_class(first, {"Merge"}) && first["config"]["layers"].is_array()) {
    std::vector<ModelInput> all;
    for (const Json& branch : first["config"]["layers"].elements()) {
      for (ModelInput& input : inputs_at(branch, depth + 1)) all.push_back(std::move(input));
    }
    return all;
  }
  if (is_class(first, {"Model", "Functional", "Sequential"})) return inputs_at(first, depth + 1);
  for (Json at = first; at.is_object() && depth < kMaxDepth; at = at["config"]["layer"], ++depth) {
    if (auto input = input_of_layer(at)) {
      input->name = layer_name(first) + "_input";
      return {*input};
    }
  }
  if (const auto shape = build_shape(serialized))
    return {{layer_name(first) + "_input", DType::float32, *shape}};
  fail(ErrorCode::bad_config, layer_name(serialized),
       "the Sequential model was saved before it was built: its config has no input shape; build it, then "
       "save it again");
}

// Of a model whose graph is code: what it was built for, as Keras 3 notes beside its config.
std::vector<ModelInput> built_inputs(const Json& serialized) {
  const Json shapes = serialized["build_config"]["input_shape"];
  if (!shapes.is_array()) {
    fail(ErrorCode::bad_config, layer_name(serialized),
         "the config of class {} tells neither layers nor, in build_config, the shapes of inputs",
         serialized["class_name"].dump());
  }
  std::vector<Json> all{shapes};
  if (shapes.at(0).is_array()) all = shapes.elements();
  std::vector<ModelInput> inputs;
  for (const Json& sizes : all) {
    Shape shape;
    for (const Json& size : sizes.elements())
      shape.push_back(size.is_integer() && size.integer() >= 0 ? size.integer() : Shape::kUnknown);
    inputs.push_back({"input_" + std::to_string(inputs.size()), DType::float32, shape});
  }
  return inputs;
}

std::vector<ModelInput> functional_inputs(const Json& serialized) {
  const Json config = serialized["config"];
  if (!config["input_layers"].exists()) return built_inputs(serialized);
  std::vector<ModelInput> inputs;
  for (const TensorRef& ref : flatten_refs(config["input_layers"])) {
    const auto layers = config["layers"].elements();
    const auto found = std::find_if(layers.begin(), layers.end(),
                                    [&](const Json& layer) { return layer_name(layer) == ref.layer; });
    if (found == layers.end())
      fail(ErrorCode::bad_config, layer_name(serialized), "the input layer '{}' is not among the layers",
           ref.layer);
    auto input = input_of_layer(*found);
    if (!input) fail(ErrorCode::bad_config, ref.layer, "the input layer has no batch_shape");
    inputs.push_back(std::move(*input));
  }
  return inputs;
}

std::vector<ModelInput> inputs_at(const Json& serialized, int depth) {
  if (depth > kMaxDepth)
    fail(ErrorCode::bad_config, layer_name(serialized), "models are nested deeper than {} levels", kMaxDepth);
  if (is_class(serialized, {"InputLayer"})) {
    auto input = input_of_layer(serialized);
    if (!input) fail(ErrorCode::bad_config, layer_name(serialized), "the input layer has no batch_shape");
    return {*input};
  }
  if (is_class(serialized, {"Sequential"})) return sequential_inputs(serialized, depth);
  return functional_inputs(serialized);
}

void flatten(const Json& structure, const std::string& key, std::vector<TensorRef>& out, int depth) {
  if (depth > kMaxDepth)
    fail(ErrorCode::bad_config, "", "a structure of tensors is nested deeper than {} levels", kMaxDepth);
  if (is_tensor_ref(structure)) {
    out.push_back(
        {std::string(structure.at(0).string()), structure.at(1).integer(), structure.at(2).integer(), key});
  } else if (structure.is_array()) {
    for (const Json& item : structure.elements()) flatten(item, key, out, depth + 1);
  } else if (structure.is_object()) {
    auto members = structure.members();
    std::sort(members.begin(), members.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    for (const auto& [name, item] : members) flatten(item, std::string(name), out, depth + 1);
  } else {
    fail(ErrorCode::bad_config, "", "expected [layer, node, tensor], received {}", structure.dump());
  }
}

}  // namespace

bool is_tensor_ref(const Json& json) {
  return json.is_array() && json.size() >= 3 && json.at(0).is_string() && json.at(1).is_integer() &&
         json.at(2).is_integer();
}

std::vector<TensorRef> flatten_refs(const Json& structure) {
  std::vector<TensorRef> out;
  flatten(structure, {}, out, 0);
  return out;
}

bool is_functional(std::string_view class_name) {
  return class_name == "Functional" || class_name == "Model";
}

int64_t first_call_number(int64_t calls, bool counts_itself, const std::vector<int64_t>& references) {
  if (std::any_of(references.begin(), references.end(), [calls](int64_t node) { return node >= calls; }))
    return 1;
  const bool zero = std::find(references.begin(), references.end(), 0) != references.end();
  return counts_itself && !zero && !references.empty() ? 1 : 0;
}

Json sequential_layers(const Json& config) {
  return config.is_array() ? config : config["layers"];
}

std::vector<ModelInput> model_inputs(const Json& serialized) {
  return inputs_at(serialized, 0);
}

std::vector<std::string> model_output_names(const Json& serialized) {
  Json at = serialized;
  for (int depth = 0; depth < kMaxDepth && is_class(at, {"Sequential"}); ++depth) {
    const auto layers = sequential_layers(at["config"]).elements();
    if (layers.empty()) break;
    if (!is_class(layers.back(), {"Sequential", "Functional", "Model"})) return {layer_name(layers.back())};
    at = layers.back();
  }
  std::vector<std::string> names;
  if (!at["config"]["output_layers"].exists()) return names;
  for (const TensorRef& ref : flatten_refs(at["config"]["output_layers"]))
    names.push_back(ref.key.empty() ? ref.layer : ref.key);
  return names;
}

}  // namespace cornu::layers
