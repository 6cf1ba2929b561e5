#include "export/keras_export.h"

#include "base/fail.h"
#include "export/keras_config.h"

namespace cornu::exporting {
namespace {

using layers::LayerInstance;

// The weights in the order of the layer tree, each layer's own first, as the rewritten config takes them.
void collect(const LayerInstance& layer, const import::KerasModel& model, std::vector<Tensor>& out) {
  for (size_t i = 0; i < layer.weights.size(); ++i) {
    const Tensor* tensor = model.graph.constant(layer.weights[i].value);
    if (tensor == nullptr)
      fail(ErrorCode::bad_argument, layer.name, "the weight {} has no value yet", layer.weights[i].name);
    out.push_back(scaled_weight(layer, i, model.dialect, *tensor));
  }
  for (const auto& child : layer.children) collect(*child, model, out);
}

// A config that Keras 3 wrote into a .keras file can stay as it is.
bool is_todays(const import::KerasModel& model, const Json& config) {
  return model.dialect.keras_major >= 3 && config["module"].is_string();
}

}  // namespace

formats::ModelFile keras_file(const import::KerasModel& model, const std::string& config,
                              KerasLayout layout) {
  const Json json = import::parse_config(config, model.name);
  const bool keep = is_todays(model, json);
  const Tree todays = keep ? to_tree(json) : todays_config(json, model.dialect, model.root.get());
  std::vector<Tensor> weights;
  collect(*model.root, model, weights);
  const std::string text = keep ? config : to_text(todays);
  const import::KerasModel rewritten = import::import_config(text, weights);
  formats::ModelFile file;
  file.keras_version = kKerasVersion;
  file.backend = "tensorflow";
  if (layout == KerasLayout::keras) {
    file.config = text;
    file.variables = keras_variables(rewritten);
  } else {
    file.config = to_text(hdf5_config(todays));
    file.layers = keras_layers(rewritten);
  }
  return file;
}

}  // namespace cornu::exporting
