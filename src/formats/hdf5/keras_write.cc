// The layouts of keras_layers.cc and keras_variables.cc, written.
// Source: keras/src/legacy/saving/legacy_h5_format.py and keras/src/saving/saving_lib.py, 3.15.1
#include <string_view>

#include "base/output_file.h"
#include "formats/model_writer.h"

namespace cornu::formats {
namespace {

using hdf5::NewFile;
using hdf5::NewObject;

// Arrays below a group whose attribute `weight_names` lists them.
void add_listed(NewFile& file, NewObject& group, const std::vector<NamedTensor>& tensors) {
  std::vector<std::string> names;
  for (const NamedTensor& tensor : tensors) {
    names.push_back(tensor.name);
    file.dataset(group, tensor.name, tensor.tensor);
  }
  group.set_texts("weight_names", names);
}

// The reader lists the variables of the model itself as a last layer of this name; so does Keras's file.
constexpr std::string_view kTopLevel = "top_level_model_weights";

void add_versions(NewObject& object, const ModelFile& model) {
  if (!model.backend.empty()) object.set_text("backend", model.backend);
  if (!model.keras_version.empty()) object.set_text("keras_version", model.keras_version);
}

void add_layers(NewFile& file, NewObject& group, const ModelFile& model) {
  std::vector<std::string> names;
  for (const LayerWeights& layer : model.layers) {
    if (layer.layer != kTopLevel) names.push_back(layer.layer);
  }
  group.set_texts("layer_names", names);
  add_versions(group, model);
  for (const LayerWeights& layer : model.layers)
    add_listed(file, file.group(group, layer.layer), layer.weights);
  const bool has_top_level = !model.layers.empty() && model.layers.back().layer == kTopLevel;
  if (!has_top_level) add_listed(file, file.group(group, kTopLevel), {});
}

void add_variables(NewFile& file, const ModelFile& model) {
  for (const NamedTensor& variable : model.variables)
    file.dataset(file.root(), variable.name, variable.tensor);
  for (const NamedTensor& variable : model.optimizer)
    file.dataset(file.root(), variable.name, variable.tensor);
}

}  // namespace

void write_hdf5(const ModelFile& model, const ByteSink& sink) {
  NewFile file;
  NewObject& root = file.root();
  if (model.config.empty()) {
    if (model.variables.empty()) add_layers(file, root, model);
    add_variables(file, model);
  } else {
    add_versions(root, model);
    root.set_text("model_config", model.config);
    if (!model.training_config.empty()) root.set_text("training_config", model.training_config);
    add_layers(file, file.group(root, "model_weights"), model);
    if (!model.optimizer.empty()) add_listed(file, file.group(root, "optimizer_weights"), model.optimizer);
  }
  file.write(sink);
}

void write_hdf5_file(const ModelFile& model, const std::filesystem::path& path) {
  OutputFile file(path);
  write_hdf5(model, [&file](std::span<const std::byte> bytes) { file.write(bytes); });
  file.commit();
}

}  // namespace cornu::formats
