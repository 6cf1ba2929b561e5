#include "import/saved_keras.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "base/json.h"
#include "tensorflow/object_graph.h"
#include "tensorflow/saved_model.h"

namespace cornu::import {
namespace {

using tensorflow::KerasObject;
using tensorflow::ObjectGraph;

std::string_view as_text(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

const formats::NamedTensor* find(const formats::ModelFile& file, std::string_view name) {
  const auto found = std::find_if(file.variables.begin(), file.variables.end(),
                                  [&](const auto& variable) { return variable.name == name; });
  return found == file.variables.end() ? nullptr : &*found;
}

// Shapes are written as {"class_name": "__tuple__" or "TensorShape", "items": [...]}; in Keras's own files they are lists.
void unwrap_shapes(nlohmann::ordered_json& json) {
  if (json.is_object() && json.contains("items") && json.contains("class_name") &&
      (json["class_name"] == "__tuple__" || json["class_name"] == "TensorShape")) {
    nlohmann::ordered_json items = std::move(json["items"]);
    json = std::move(items);
  }
  if (json.is_structured()) {
    for (auto& item : json) unwrap_shapes(item);
  }
}

// What a Keras file has of an object's metadata. `text` is known to be JSON that is not nested too deeply.
std::string model_config(const std::string& text) {
  auto json = nlohmann::ordered_json::parse(text, nullptr, false);
  if (json.is_discarded()) return text;  // NaN or Infinity, which a layer's config may hold
  unwrap_shapes(json);
  nlohmann::ordered_json config;
  for (const char* key : {"class_name", "config", "keras_version", "backend"}) {
    if (json.contains(key)) config[key] = std::move(json[key]);
  }
  return config.dump();
}

// A layer's own variables and those of all layers in it, in the order of Keras's HDF5 files.
std::vector<size_t> variables_of(const ObjectGraph& objects, size_t layer) {
  std::vector<size_t> all;
  for (const char* list : {"trainable_variables", "non_trainable_variables"}) {
    size_t object = objects.child(layer, list);
    if (object == objects.objects.size()) object = objects.child(objects.child(layer, "keras_api"), list);
    if (object == objects.objects.size()) continue;
    for (size_t i = 0;; ++i) {
      const size_t variable = objects.child(object, std::to_string(i));
      if (variable == objects.objects.size()) break;
      all.push_back(variable);
    }
  }
  return all;
}

}  // namespace

std::optional<formats::ModelFile> keras_part(const formats::ModelFile& file, const std::string& path) {
  if (file.format != "saved_model") return std::nullopt;
  const auto graphs = tensorflow::decode_saved_model(as_text(file.graph.bytes), file.graph.owner, path);
  const tensorflow::MetaGraph& graph = graphs.at(0);
  StoragePtr metadata;
  for (const formats::SideFile& side : file.side_files) metadata = map_file(side.path);
  std::map<size_t, Json> about;
  for (const KerasObject& object :
       tensorflow::keras_objects(graph.object_graph, metadata ? as_text(metadata->bytes()) : "", path))
    about[object.number] = Json::parse(object.metadata, path + ":" + object.path);
  const formats::NamedTensor* stored = find(file, "_CHECKPOINTABLE_OBJECT_GRAPH");
  const auto root = about.find(0);
  if (root == about.end() || !root->second["config"]["layers"].is_array() || stored == nullptr ||
      stored->tensor.dtype != DType::string || stored->tensor.shape.elements() != 1)
    return std::nullopt;
  const ObjectGraph objects = tensorflow::decode_object_graph(graph.object_graph, path);
  const std::vector<std::string> keys =
      tensorflow::checkpoint_keys(objects, strings_of(stored->tensor)[0], path);
  formats::ModelFile keras;
  keras.format = file.format;
  keras.file_bytes = file.file_bytes;
  keras.config = model_config(root->second.dump());
  const auto text = [&](const char* key) {
    const Json value = root->second[key];
    return value.is_string() ? std::string(value.string()) : std::string();
  };
  keras.keras_version = text("keras_version").empty() ? "2" : text("keras_version");
  keras.backend = text("backend");
  for (size_t i = 0;; ++i) {
    const size_t layer = objects.child(0, "layer-" + std::to_string(i));
    const auto described = about.find(layer);
    if (layer == objects.objects.size()) break;
    if (described == about.end() || !described->second["name"].is_string()) return std::nullopt;
    formats::LayerWeights weights;
    weights.layer = described->second["name"].string();
    for (const size_t variable : variables_of(objects, layer)) {
      const formats::NamedTensor* value = find(file, keys[variable]);
      if (value == nullptr) return std::nullopt;
      weights.weights.push_back({objects.objects[variable].name + ":0", value->tensor});
    }
    keras.layers.push_back(std::move(weights));
  }
  return keras;
}

}  // namespace cornu::import
