// Models: Sequential and Functional, rewritten. See keras_config.h.
// Source: keras/src/models/functional.py and sequential.py, 3.15.1; tf_keras/src/engine/node.py, 2.21
#include <algorithm>
#include <map>

#include "base/fail.h"
#include "export/keras_config.h"

namespace cornu::exporting {
namespace {

using layers::Dialect;
using layers::LayerInstance;
using layers::TensorRef;

constexpr int kMaxDepth = 100;  // nesting of argument structures; the importer has the same limit

std::string entry_name(const Json& layer) {
  const Json name = layer["name"].is_string() ? layer["name"] : layer["config"]["name"];
  return name.is_string() ? std::string(name.string()) : std::string("layer");
}

std::string class_of(const Json& layer) {
  std::string_view name = layer["class_name"].is_string() ? layer["class_name"].string() : "";
  if (const size_t mark = name.rfind('>'); mark != name.npos) name.remove_prefix(mark + 1);
  return std::string(name);
}

const LayerInstance* child_at(const LayerInstance* parent, size_t index) {
  return parent != nullptr && index < parent->children.size() ? parent->children[index].get() : nullptr;
}

Tree model_object(const char* module, const char* cls, const Json& serialized, Tree config) {
  Tree object = serialized_object(module, cls, std::move(config));
  if (serialized["compile_config"].is_object())
    object["compile_config"] = to_tree(serialized["compile_config"]);
  return object;
}

Tree input_layer(const layers::ModelInput& input) {
  Tree shape = Tree::array();
  for (const int64_t size : input.shape) shape.push_back(size == Shape::kUnknown ? Tree() : Tree(size));
  return serialized_object("keras.layers", "InputLayer",
                           {{"batch_shape", std::move(shape)},
                            {"dtype", std::string(dtype_name(input.dtype))},
                            {"name", todays_name(input.name)}});
}

Tree sequential(const Json& serialized, const Dialect& dialect, const LayerInstance* instance) {
  const Json config = serialized["config"];
  const auto layers = layers::sequential_layers(config).elements();
  Tree list = Tree::array();
  const bool has_input = !layers.empty() && class_of(layers[0]) == "InputLayer";
  const bool outermost = instance != nullptr && instance->parent == nullptr;
  bool shaped = outermost || config["build_input_shape"].is_array();
  for (const char* key : {"batch_input_shape", "batch_shape"})
    shaped = shaped || (!layers.empty() && layers[0]["config"][key].is_array());
  if (!has_input && shaped) {
    const auto inputs = layers::model_inputs(serialized);
    if (inputs.size() == 1) list.push_back(input_layer(inputs[0]));
  }
  for (size_t i = 0; i < layers.size(); ++i) {
    const std::string cls = class_of(layers[i]);
    const bool model = cls == "Sequential" || layers::is_functional(cls);
    list.push_back(model ? todays_config(layers[i], dialect, child_at(instance, i))
                         : todays_layer(layers[i], dialect));
  }
  const std::string name =
      config["name"].is_string() ? std::string(config["name"].string()) : entry_name(serialized);
  return model_object("keras", "Sequential", serialized,
                      {{"name", todays_name(name)}, {"layers", std::move(list)}});
}

struct Entry {
  Json layer;
  std::string name;
  const LayerInstance* instance = nullptr;
  bool functional = false;
  bool recurrent = false;  // takes initial states beside its input
  int64_t first_node = 0;
  int64_t first_output_node = 0;
};

class Functional {
 public:
  Functional(const Json& serialized, const Dialect& dialect, const LayerInstance* instance)
      : serialized_(serialized), config_(serialized["config"]), dialect_(dialect) {
    const auto layers = config_["layers"].elements();
    for (size_t i = 0; i < layers.size(); ++i) {
      Entry entry{layers[i], entry_name(layers[i]), child_at(instance, i), false, false, 0, 0};
      const std::string cls = class_of(layers[i]);
      entry.functional = layers::is_functional(cls);
      entry.recurrent =
          cls.ends_with("RNN") || cls.ends_with("LSTM") || cls.ends_with("GRU") || cls == "Bidirectional";
      index_[entry.name] = entries_.size();
      entries_.push_back(std::move(entry));
    }
    number_calls();
  }

  Tree run() {
    Tree list = Tree::array();
    for (const Entry& entry : entries_) list.push_back(convert(entry));
    const std::string name =
        config_["name"].is_string() ? std::string(config_["name"].string()) : entry_name(serialized_);
    Tree config = {{"name", todays_name(name)}};
    config["trainable"] = !config_["trainable"].is_bool() || config_["trainable"].boolean();
    config["layers"] = std::move(list);
    config["input_layers"] = ports("input_layers");
    config["output_layers"] = ports("output_layers");
    return model_object("keras.src.models.functional", "Functional", serialized_, std::move(config));
  }

 private:
  static bool is_dict_call(const Json& node) { return node["args"].is_array(); }

  // What references to a layer count from; see Walker::find_first_nodes of layers/functional.cc, which reads the same.
  void number_calls() {
    std::map<std::string, std::vector<int64_t>> references;
    for (const Entry& entry : entries_) visit(entry.layer["inbound_nodes"], references, 0);
    std::map<std::string, std::vector<int64_t>> outputs;
    for (const TensorRef& ref : layers::flatten_refs(config_["output_layers"]))
      outputs[ref.layer].push_back(ref.node);
    for (Entry& entry : entries_) {
      const auto nodes = entry.layer["inbound_nodes"].elements();
      const bool keras3 = !nodes.empty() && nodes[0].is_object();
      const auto calls =
          std::max<int64_t>(1, static_cast<int64_t>(nodes.size()));  // an input layer lists none
      std::vector<int64_t> inside = references[entry.name];
      const std::vector<int64_t>& outside = outputs[entry.name];
      if (!keras3) inside.insert(inside.end(), outside.begin(), outside.end());
      entry.first_node = layers::first_call_number(calls, !keras3 && entry.functional, inside);
      entry.first_output_node =
          keras3 ? layers::first_call_number(calls, entry.functional, outside) : entry.first_node;
    }
  }

  void visit(const Json& json, std::map<std::string, std::vector<int64_t>>& references, int depth) const {
    if (depth > kMaxDepth)
      fail(ErrorCode::bad_config, entry_name(serialized_), "arguments are nested too deeply");
    if (const Json ref = reference(json); ref.exists()) {
      references[std::string(ref.at(0).string())].push_back(ref.at(1).integer());
      if (json.is_array()) visit(json.at(3), references, depth + 1);
      return;
    }
    for (const Json& item : json.elements()) visit(item, references, depth + 1);
    for (const auto& [key, item] : json.members()) visit(item, references, depth + 1);
  }

  // [layer, node, tensor, ...] of a reference to a tensor of this model, in either spelling; else missing.
  Json reference(const Json& json) const {
    const bool keras3 = json["class_name"].is_string() && json["class_name"].string() == "__keras_tensor__";
    const Json ref = keras3 ? json["config"]["keras_history"] : json;
    return layers::is_tensor_ref(ref) && index_.contains(std::string(ref.at(0).string())) ? ref : Json();
  }

  Tree convert(const Entry& entry) const {
    const std::string cls = class_of(entry.layer);
    Tree out = cls == "Sequential" || entry.functional ? todays_config(entry.layer, dialect_, entry.instance)
                                                       : todays_layer(entry.layer, dialect_);
    out["name"] = todays_name(entry.name);
    if (out["config"].contains("name") || out["module"] == "keras.layers")
      out["config"]["name"] = out["name"];
    Tree calls = Tree::array();
    if (cls != "InputLayer") {
      for (const Json& node : entry.layer["inbound_nodes"].elements()) calls.push_back(call(entry, node));
    }
    out["inbound_nodes"] = std::move(calls);
    return out;
  }

  Tree call(const Entry& entry, const Json& node) const {
    if (is_dict_call(node)) return {{"args", argument(node["args"])}, {"kwargs", argument(node["kwargs"])}};
    Json keyword;
    const auto find_keyword = [&](const Json& item) {
      if (item.size() > 3 && item.at(3).is_object()) keyword = item.at(3);
    };
    Tree first;
    if (reference(node).exists() || is_constant(node)) {
      find_keyword(node);
      first = argument(node);
    } else if (node.is_array() && node.size() == 1) {
      find_keyword(node.at(0));
      first = argument(node.at(0));
    } else {
      for (const Json& item : node.elements()) find_keyword(item);
      for (const auto& [key, item] : node.members()) find_keyword(item);
      first = argument(node);
    }
    Tree kwargs = Tree::object();
    for (const auto& [key, value] : keyword.members()) {
      // What tf.keras wrote for arguments that were not given.
      if (!value.is_null() && !(key == "training" && value.is_bool() && !value.boolean()))
        kwargs[std::string(key)] = argument(value);
    }
    if (entry.recurrent && first.is_array() && first.size() > 1) {  // the states, which were further inputs
      kwargs["initial_state"] = Tree(first.begin() + 1, first.end());
      first = Tree(first[0]);
    }
    Tree args = Tree::array();
    args.push_back(std::move(first));
    return {{"args", std::move(args)}, {"kwargs", std::move(kwargs)}};
  }

  static bool is_constant(const Json& json) {
    return json.is_array() && json.size() >= 3 && json.at(0).is_string() &&
           json.at(0).string() == "_CONSTANT_VALUE";
  }

  Tree argument(const Json& json) const {
    if (const Json ref = reference(json); ref.exists()) return keras_tensor(json, ref);
    if (is_constant(json)) return to_tree(json.at(2));
    if (json.is_array()) {
      Tree list = Tree::array();
      for (const Json& item : json.elements()) list.push_back(argument(item));
      return list;
    }
    if (json.is_object() && !json["class_name"].is_string()) {
      Tree dict = Tree::object();
      for (const auto& [key, item] : json.members()) dict[std::string(key)] = argument(item);
      return dict;
    }
    return to_tree(json);
  }

  // Keras makes the tensor anew by calling the layers; what is written of its shape is for people.
  Tree keras_tensor(const Json& json, const Json& ref) const {
    const Entry& entry = entries_[index_.at(std::string(ref.at(0).string()))];
    Tree shape = Tree::array();
    if (json["config"]["shape"].is_array()) {
      shape = to_tree(json["config"]["shape"]);
    } else if (entry.instance != nullptr) {
      for (const int64_t size : entry.instance->output_shape) shape.push_back(size < 0 ? Tree() : Tree(size));
    }
    const Json dtype = json["config"]["dtype"];
    Tree history = Tree::array();
    history.push_back(todays_name(entry.name));
    history.push_back(ref.at(1).integer() - entry.first_node);
    history.push_back(ref.at(2).integer());
    return {{"class_name", "__keras_tensor__"},
            {"config",
             {{"shape", std::move(shape)},
              {"dtype", dtype.is_string() ? std::string(dtype.string()) : std::string("float32")},
              {"keras_history", std::move(history)}}}};
  }

  // input_layers or output_layers: one reference, or a list or dict of them. Keras counts a nested model's creation here.
  Tree ports(const char* key) const {
    const Json structure = config_[key];
    const bool lone = dialect_.keras_major < 3 && structure.is_array() && structure.size() == 1 &&
                      layers::is_tensor_ref(structure.at(0));
    return port(lone ? structure.at(0) : structure, 0);
  }

  Tree port(const Json& json, int depth) const {
    if (depth > kMaxDepth)
      fail(ErrorCode::bad_config, entry_name(serialized_), "the outputs are nested too deeply");
    if (layers::is_tensor_ref(json)) {
      const Entry& entry = entries_.at(index_.at(std::string(json.at(0).string())));
      Tree out = Tree::array();
      out.push_back(todays_name(entry.name));
      out.push_back(json.at(1).integer() - entry.first_output_node + (entry.functional ? 1 : 0));
      out.push_back(json.at(2).integer());
      return out;
    }
    if (json.is_object()) {
      Tree dict = Tree::object();
      for (const auto& [name, item] : json.members()) dict[std::string(name)] = port(item, depth + 1);
      return dict;
    }
    Tree list = Tree::array();
    for (const Json& item : json.elements()) list.push_back(port(item, depth + 1));
    return list;
  }

  const Json& serialized_;
  const Json config_;
  const Dialect& dialect_;
  std::vector<Entry> entries_;
  std::map<std::string, size_t> index_;
};

}  // namespace

Tree todays_config(const Json& serialized, const Dialect& dialect, const LayerInstance* root) {
  if (class_of(serialized) == "Sequential") return sequential(serialized, dialect, root);
  return Functional(serialized, dialect, root).run();
}

}  // namespace cornu::exporting
