#include "export/keras_export.h"

#include <map>
#include <string_view>

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

// How often each op occurs, without those that rewriting a hard_sigmoid changes.
std::map<std::string_view, int> op_counts(const ir::Graph& graph) {
  std::map<std::string_view, int> counts;
  for (const ir::Node& node : graph.nodes()) ++counts[node.op->name];
  for (const char* op : {"add", "mul", "clip", "relu", "hard_sigmoid", "cast", "identity"}) counts.erase(op);
  return counts;
}

// A config that Keras 3 wrote into a .keras file can stay as it is.
bool is_todays(const import::KerasModel& model, const Json& config) {
  return model.dialect.keras_major >= 3 && config["module"].is_string();
}

}  // namespace

formats::ModelFile keras_file(const import::KerasModel& model, const std::string& config,
                              KerasLayout layout) {
  const Json json = import::parse_config(config, model.name);
  const bool todays_own = is_todays(model, json);
  Tree todays = todays_own ? to_tree(json) : todays_config(json, model.dialect, model.root.get());
  // A config that comes without a file tells its Keras by keys of its own.
  const bool keep = todays_own && todays.erase("keras_version") + todays.erase("backend") == 0;
  std::vector<Tensor> weights;
  collect(*model.root, model, weights);
  const std::string text = keep ? config : to_text(todays);
  const import::KerasModel rewritten = import::import_config(text, weights);
  if (op_counts(model.graph) != op_counts(rewritten.graph)) {
    fail(ErrorCode::unsupported, model.name,
         "Keras 3 treats masks or shapes of this model in another way than the Keras that wrote it, so its "
         "file would "
         "answer otherwise");
  }
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

void set_compiled(formats::ModelFile& file, const std::string& compiled) {
  Tree tree = to_tree(Json::parse(file.config, "config"));
  tree["compile_config"] = to_tree(Json::parse(compiled, "compile"));
  file.config = to_text(tree);
}

}  // namespace cornu::exporting
