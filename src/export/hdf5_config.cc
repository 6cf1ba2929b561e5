// What Keras 3's save_model_to_hdf5 makes of a config, in the spelling that tf_keras reads too where there is one.
// Source: keras/src/legacy/saving/legacy_h5_format.py and keras/src/models/functional.py (deserialize_node), 3.15.1
#include "export/keras_config.h"

namespace cornu::exporting {
namespace {

bool is_tensor(const Tree& tree) {
  return tree.is_object() && tree.contains("class_name") && tree["class_name"] == "__keras_tensor__";
}

bool holds_tensor(const Tree& tree) {
  if (is_tensor(tree)) return true;
  if (!tree.is_structured()) return false;
  for (const Tree& item : tree) {
    if (holds_tensor(item)) return true;
  }
  return false;
}

// [[layer, node, tensor, kwargs], ...] where the call takes one tensor or a list of several and nothing else is a tensor;
// the call itself otherwise.
Tree list_call(const Tree& call) {
  const Tree& args = call["args"];
  const Tree& kwargs = call["kwargs"];
  if (args.size() != 1 || holds_tensor(kwargs)) return call;
  Tree tensors = Tree::array();
  if (is_tensor(args[0])) {
    tensors.push_back(args[0]);
  } else if (args[0].is_array() && args[0].size() > 1) {
    tensors = args[0];
  }
  if (tensors.empty()) return call;
  Tree list = Tree::array();
  for (const Tree& tensor : tensors) {
    if (!is_tensor(tensor)) return call;
    Tree item = tensor["config"]["keras_history"];
    item.push_back(kwargs);
    list.push_back(std::move(item));
  }
  return list;
}

// Keras 3 counts the calls of nested models otherwise than Keras 2 did, which shows in the list's spelling only.
bool has_nested_model(const Tree& layers) {
  for (const Tree& layer : layers) {
    if (layer["class_name"] == "Functional") return true;
  }
  return false;
}

// What both Kerases read: the name of a plain dtype policy, and initializers without the arguments of Keras 3.15 that say nothing.
void spell_plainly(Tree& tree) {
  if (!tree.is_structured()) return;
  if (tree.is_object() && tree.contains("module") && tree["module"] == "keras.initializers") {
    Tree& config = tree["config"];
    for (const char* key : {"input_axes", "output_axes"}) {
      if (config.contains(key) && config[key].is_null()) config.erase(key);
    }
  }
  for (Tree& item : tree) {
    const bool is_policy =
        item.is_object() && item.contains("class_name") && item["class_name"] == "DTypePolicy";
    if (is_policy && item["config"].size() == 1 && item["config"].contains("name")) {
      item = Tree(item["config"]["name"]);
    } else {
      spell_plainly(item);
    }
  }
}

Tree hdf5_layer(Tree layer, bool lists) {
  const bool of_keras = layer["module"] == "keras.layers" || layer["module"] == "keras" ||
                        layer["module"] == "keras.src.models.functional";
  if (of_keras) {
    layer.erase("module");
    layer.erase("registered_name");
    layer.erase("build_config");
  }
  Tree& config = layer["config"];  // erasing from a tree moves its members
  spell_plainly(config);
  if (config.contains("quantization_config") && config["quantization_config"].is_null())
    config.erase("quantization_config");
  if (layer["class_name"] == "InputLayer" && config.contains("batch_shape")) {
    config["batch_input_shape"] = config["batch_shape"];
    config.erase("batch_shape");
    config.erase("optional");
  }
  if (lists && layer.contains("inbound_nodes")) {
    for (Tree& call : layer["inbound_nodes"]) {
      if (call.is_object()) call = list_call(Tree(call));
    }
  }
  return of_keras && config.is_object() && config.contains("layers") ? hdf5_config(layer) : layer;
}

}  // namespace

Tree hdf5_config(const Tree& todays) {
  Tree model = todays;
  for (const char* key : {"module", "registered_name", "build_config", "compile_config"}) model.erase(key);
  Tree& layers = model["config"]["layers"];
  const bool lists = !has_nested_model(layers);
  for (Tree& layer : layers) layer = hdf5_layer(Tree(layer), lists);
  return model;
}

}  // namespace cornu::exporting
