// Functional: a graph of layer calls between input and output tensors.
// Keras   Model (1, 2), Functional (tf.keras 2.3 on, Keras 3)
// Config  layers: serialized layers with `inbound_nodes`, one entry per call; input_layers, output_layers:
// references
//         [layer, node, tensor]. Calls of Keras 1 and 2: [[layer, node, tensor, kwargs], ...]; of Keras 3:
//         {"args": [...], "kwargs": {...}} with tensors as {"class_name": "__keras_tensor__", ...}.
// Errors  bad_config for a reference to nothing, a repeated name, a cycle
// Source  keras/src/models/functional.py, 3.15; tf_keras/src/engine/node.py, 2.21
#include <algorithm>
#include <map>
#include <optional>
#include <tuple>

#include "layers/layer.h"
#include "layers/model_config.h"

namespace cornu::layers {
namespace {

constexpr int kMaxDepth = 100;  // nesting of argument structures; real ones stay below 5

// tf.keras writes a first argument that is no tensor as ["_CONSTANT_VALUE", -1, value, kwargs].
constexpr std::string_view kConstantValue = "_CONSTANT_VALUE";

struct Entry {
  LayerInstance* layer = nullptr;
  std::vector<Json> nodes;                    // calls, as the config has them
  std::vector<std::vector<TensorRef>> needs;  // of each call: the tensors it takes
  std::vector<bool> done;
  std::vector<CallResult> results;
  int64_t first_node = 0;         // the number that references between layers give nodes[0]
  int64_t first_output_node = 0;  // and that references of the model's outputs give it
};

class Walker {
 public:
  explicit Walker(LayerCall& call) : call_(call) {}

  std::vector<Value> run() {
    collect_layers();
    feed_inputs();
    collect_references();
    find_first_nodes();
    call_all();
    std::vector<Value> out;
    for (const TensorRef& ref : flatten_refs(call_.config.raw({"output_layers"}))) {
      const auto [value, mask] = resolve(ref, find(ref.layer).first_output_node);
      out.push_back(value);
      call_.out_masks.push_back(mask);
    }
    return out;
  }

 private:
  void collect_layers() {
    const auto layers = call_.config.raw({"layers"}).elements();
    const bool first_call = call_.layer.children.empty();
    for (size_t i = 0; i < layers.size(); ++i) {
      if (first_call) call_.layer.children.push_back(make_instance(layers[i], &call_.layer, "layers"));
      Entry entry;
      entry.layer = call_.layer.children[i].get();
      // In files of every version the graph refers to layers by the outer name; it equals config.name but for
      // hand edits.
      const std::string name =
          layers[i]["name"].is_string() ? std::string(layers[i]["name"].string()) : entry.layer->name;
      entry.nodes = layers[i]["inbound_nodes"].elements();
      entry.done.assign(entry.nodes.size(), false);
      entry.results.resize(entry.nodes.size());
      if (!entries_.emplace(name, std::move(entry)).second) {
        call_.fail(ErrorCode::bad_config, "two layers are named '{}'", name);
      }
      order_.push_back(name);
    }
  }

  void feed_inputs() {
    const auto refs = flatten_refs(call_.config.raw({"input_layers"}));
    if (refs.size() != call_.in.size()) {
      call_.fail(ErrorCode::bad_shape, "the model takes {} input tensors, received {}", refs.size(),
                 call_.in.size());
    }
    for (size_t i = 0; i < refs.size(); ++i) {
      Entry& entry = find(refs[i].layer);
      CallArguments arguments;
      arguments.positional.push_back({Argument::Kind::tensor, call_.in[i], call_.masks[i], {}, {}, {}});
      CallResult result = call_layer(*entry.layer, arguments, call_.dialect, call_.g);
      entry.results.assign(1, std::move(result));
      entry.done.assign(1, true);
      entry.nodes.assign(1, Json());
    }
  }

  // Node numbers by layer, of every reference between layers.
  void collect_references() {
    for (const std::string& name : order_) {
      Entry& entry = entries_.at(name);
      for (const Json& node : entry.nodes) {
        std::vector<TensorRef>& needs = entry.needs.emplace_back();
        visit_refs(
            node, [&](const TensorRef& ref) { needs.push_back(ref); }, 0);
        for (const TensorRef& ref : needs) references_[ref.layer].push_back(ref.node);
      }
    }
  }

  // A nested model may count its own creation as node 0, so that its first call is node 1. Keras 1 and 2 do
  // so for every reference; Keras 3 for the outputs of the model only.
  void find_first_nodes() {
    const auto outputs = flatten_refs(call_.config.raw({"output_layers"}));
    for (const std::string& name : order_) {
      Entry& entry = entries_.at(name);
      const bool keras3 = !entry.nodes.empty() && entry.nodes[0].is_object();
      const bool counts_itself = !keras3 && is_functional(entry.layer->class_name);
      const auto calls = static_cast<int64_t>(entry.nodes.size());
      std::vector<int64_t> inside;
      std::vector<int64_t> outside;
      for (const TensorRef& ref : outputs) {
        if (ref.layer == name) outside.push_back(ref.node);
      }
      for (int64_t node : references_[name]) inside.push_back(node);
      if (!keras3) inside.insert(inside.end(), outside.begin(), outside.end());
      entry.first_node = first_call_number(calls, counts_itself, inside);
      entry.first_output_node =
          keras3 ? first_call_number(calls, is_functional(entry.layer->class_name), outside)
                 : entry.first_node;
    }
  }

  template <class Fn>
  void visit_refs(const Json& json, Fn&& fn, int depth) {
    if (depth > kMaxDepth)
      call_.fail(ErrorCode::bad_config, "arguments are nested deeper than {} levels", kMaxDepth);
    if (const auto ref = tensor_ref(json)) {
      fn(*ref);
      if (json.is_array()) visit_refs(json.at(3), fn, depth + 1);
      return;
    }
    for (const Json& item : json.elements()) visit_refs(item, fn, depth + 1);
    for (const auto& [key, item] : json.members()) visit_refs(item, fn, depth + 1);
  }

  // Both spellings of a tensor. [name, 1, 2] alone may as well be a plain argument, so the layer must exist.
  std::optional<TensorRef> tensor_ref(const Json& json) const {
    const bool keras3 = json["class_name"].is_string() && json["class_name"].string() == "__keras_tensor__";
    const Json ref = keras3 ? json["config"]["keras_history"] : json;
    if (!is_tensor_ref(ref)) return std::nullopt;
    std::string name(ref.at(0).string());
    const bool certain = keras3 || (json.size() == 4 && json.at(3).is_object() && name != kConstantValue);
    if (!certain && !entries_.contains(name)) return std::nullopt;
    return TensorRef{std::move(name), ref.at(1).integer(), ref.at(2).integer(), {}};
  }

  // Calls every node whose inputs exist, in config order, until none is left; no progress means a cycle.
  void call_all() {
    size_t left = 0;
    for (const auto& [name, entry] : entries_)
      left += static_cast<size_t>(std::count(entry.done.begin(), entry.done.end(), false));
    while (left > 0) {
      const size_t before = left;
      for (const std::string& name : order_) {
        Entry& entry = entries_.at(name);
        for (size_t i = 0; i < entry.nodes.size(); ++i) {
          if (entry.done[i] || !ready(entry.needs[i])) continue;
          if (i == 0) note_inbound(entry);
          entry.results[i] = call_layer(*entry.layer, arguments_of(entry.nodes[i]), call_.dialect, call_.g);
          entry.done[i] = true;
          --left;
        }
      }
      if (left == before) fail_stuck();
    }
  }

  void note_inbound(Entry& entry) {
    if (!entry.layer->inbound.empty()) return;
    for (const TensorRef& ref : entry.needs[0]) entry.layer->inbound.push_back(ref.layer);
  }

  bool ready(const std::vector<TensorRef>& needs) {
    return std::all_of(needs.begin(), needs.end(), [this](const TensorRef& ref) {
      const Entry& entry = find(ref.layer);
      const int64_t index = ref.node - entry.first_node;
      return index >= 0 && index < static_cast<int64_t>(entry.done.size()) &&
             entry.done[static_cast<size_t>(index)];
    });
  }

  [[noreturn]] void fail_stuck() {
    for (const std::string& name : order_) {
      const Entry& entry = entries_.at(name);
      for (size_t i = 0; i < entry.nodes.size(); ++i) {
        if (!entry.done[i]) {
          call_.fail(ErrorCode::bad_config,
                     "call {} of layer '{}' waits for a tensor that never comes: the graph has a cycle or "
                     "names a call that is not there",
                     i, name);
        }
      }
    }
    call_.fail(ErrorCode::internal, "the graph walk stopped early");
  }

  Entry& find(const std::string& name) {
    const auto found = entries_.find(name);
    if (found == entries_.end())
      call_.fail(ErrorCode::bad_config, "the graph refers to a layer '{}' that is not there", name);
    return found->second;
  }

  std::pair<Value, Value> resolve(const TensorRef& ref, int64_t first_node) {
    const Entry& entry = find(ref.layer);
    const int64_t node = ref.node - first_node;
    if (node < 0 || node >= static_cast<int64_t>(entry.results.size()) ||
        !entry.done[static_cast<size_t>(node)]) {
      call_.fail(ErrorCode::bad_config, "the graph refers to call {} of layer '{}', which has {}", ref.node,
                 ref.layer, entry.results.size());
    }
    const CallResult& result = entry.results[static_cast<size_t>(node)];
    if (ref.tensor < 0 || ref.tensor >= static_cast<int64_t>(result.out.size())) {
      call_.fail(ErrorCode::bad_config, "the graph refers to output {} of layer '{}', which has {}",
                 ref.tensor, ref.layer, result.out.size());
    }
    return {result.out[static_cast<size_t>(ref.tensor)], result.masks[static_cast<size_t>(ref.tensor)]};
  }

  Argument argument_of(const Json& json) {
    Argument argument;
    if (const auto ref = tensor_ref(json)) {
      argument.kind = Argument::Kind::tensor;
      std::tie(argument.value, argument.mask) = resolve(*ref, find(ref->layer).first_node);
    } else if (is_constant_ref(json)) {
      argument.literal = json.at(2);
    } else if (json.is_array()) {
      argument.kind = Argument::Kind::list;
      for (const Json& item : json.elements()) argument.items.push_back(argument_of(item));
    } else if (json.is_object() && !json["class_name"].is_string()) {
      argument.kind = Argument::Kind::dict;
      for (const auto& [key, item] : json.members()) {
        argument.keys.emplace_back(key);
        argument.items.push_back(argument_of(item));
      }
    } else {
      argument.literal = json;
    }
    return argument;
  }

  static bool is_constant_ref(const Json& json) {
    return json.is_array() && json.size() >= 3 && json.at(0).is_string() &&
           json.at(0).string() == kConstantValue;
  }

  CallArguments arguments_of(const Json& node) {
    CallArguments arguments;
    if (node.is_object() && node["args"].is_array()) {
      for (const Json& item : node["args"].elements()) arguments.positional.push_back(argument_of(item));
      for (const auto& [key, item] : node["kwargs"].members())
        arguments.keyword.emplace_back(key, argument_of(item));
      return arguments;
    }
    // Keras 1 and 2: the first argument's structure; every other argument sits in the kwargs of each tensor.
    // A list of one tensor stands for the tensor itself.
    Json keyword;
    const auto find_keyword = [&](const Json& item) {
      if (item.size() > 3 && item.at(3).is_object()) keyword = item.at(3);
    };
    if (is_tensor_ref(node) || is_constant_ref(node)) {
      find_keyword(node);
      arguments.positional.push_back(argument_of(node));
    } else if (node.size() == 1 && node.is_array()) {
      find_keyword(node.at(0));
      arguments.positional.push_back(argument_of(node.at(0)));
    } else {
      visit_first_items(node, find_keyword);
      arguments.positional.push_back(argument_of(node));
    }
    for (const auto& [key, item] : keyword.members()) arguments.keyword.emplace_back(key, argument_of(item));
    return arguments;
  }

  template <class Fn>
  static void visit_first_items(const Json& node, Fn&& fn) {
    if (node.is_array() && node.at(0).is_string()) {
      fn(node);
      return;
    }
    for (const Json& item : node.elements()) visit_first_items(item, fn);
    for (const auto& [key, item] : node.members()) visit_first_items(item, fn);
  }

  LayerCall& call_;
  std::map<std::string, Entry> entries_;
  std::vector<std::string> order_;
  std::map<std::string, std::vector<int64_t>> references_;
};

std::vector<Value> lower(LayerCall& call) {
  return Walker(call).run();
}

}  // namespace

CORNU_LAYER(functional) = {.keras_names = {"Functional", "Model"}, .lower = lower};

}  // namespace cornu::layers
