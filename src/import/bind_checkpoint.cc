#include "import/bind_checkpoint.h"

#include <algorithm>
#include <charconv>
#include <deque>
#include <map>
#include <set>
#include <tuple>

#include "base/fail.h"
#include "tensor/variant.h"
#include "tensorflow/object_graph.h"

namespace cornu::import {
namespace {

using formats::NamedTensor;
using layers::LayerInstance;
using layers::StoredWeight;
using layers::WeightSlot;
using tensorflow::Trackable;

using Tensors = std::map<std::string_view, const NamedTensor*>;

constexpr std::string_view kGraph = "_CHECKPOINTABLE_OBJECT_GRAPH";
constexpr std::string_view kWeighty = "layer_with_weights-";

bool is_beside_weights(std::string_view attribute) {
  for (const std::string_view name : {"optimizer", "seed_generator", "_random_generator", "keras_api",
                                      "loss_tracker", "_loss_tracker", "save_counter"}) {
    if (attribute == name) return true;
  }
  return false;
}

// The objects with variables at or below them. Objects may refer to each other in circles.
std::vector<bool> weighty(const std::vector<Trackable>& objects) {
  std::vector<std::vector<size_t>> holders(objects.size());
  std::vector<bool> found(objects.size(), false);
  std::vector<size_t> open;
  for (size_t i = 0; i < objects.size(); ++i) {
    if (!objects[i].key.empty()) open.push_back(i);
    for (const auto& [name, child] : objects[i].children) {
      if (!is_beside_weights(name)) holders[child].push_back(i);
    }
  }
  while (!open.empty()) {
    const size_t object = open.back();
    open.pop_back();
    if (found[object]) continue;
    found[object] = true;
    open.insert(open.end(), holders[object].begin(), holders[object].end());
  }
  return found;
}

class ObjectBinder {
 public:
  ObjectBinder(WeightBinder& binder, const std::string& path, const std::vector<Trackable>& objects,
               const Tensors& tensors)
      : binder_(binder), path_(path), objects_(objects), tensors_(tensors), weighty_(weighty(objects)) {}

  void bind(LayerInstance& layer, size_t object, const std::string& where) {
    if (!layer.weights.empty()) bind_own(layer, object, where);
    std::vector<LayerInstance*> listed, cells;
    for (const auto& child : layer.children) {
      if (owners(*child).empty()) continue;
      if (child->attribute == "layers") {
        listed.push_back(child.get());
      } else if (child->attribute == "cells") {
        cells.push_back(child.get());
      } else {
        const auto [name, inner] = find(object, child->attribute);
        if (name.empty()) fail_missing(where + child->attribute, child->name);
        bind(*child, inner, where + name + "/");
      }
    }
    if (!listed.empty()) bind_list(listed, layers_of(object), where);
    if (!cells.empty()) bind_list(cells, numbered(find(object, "cells").second, ""), where + "cells/");
  }

  // The nearest object that holds layers; the root if none does.
  size_t find_model() const {
    std::deque<size_t> open{0};
    std::set<size_t> seen{0};
    while (!open.empty()) {
      const size_t object = open.front();
      open.pop_front();
      if (!layers_of(object).empty()) return object;
      for (const auto& [name, child] : objects_[object].children) {
        if (!is_beside_weights(name) && seen.insert(child).second) open.push_back(child);
      }
    }
    return 0;
  }

 private:
  using Named = std::pair<std::string, size_t>;

  [[noreturn]] void fail_missing(const std::string& name, const std::string& layer) const {
    fail(ErrorCode::bad_file, path_ + ": " + layer, "the checkpoint has no variable '{}'", name);
  }

  // The object of an attribute, with or without Keras 3's underscore; an empty name if there is none.
  Named find(size_t object, const std::string& attribute) const {
    for (const std::string& name : {attribute, "_" + attribute}) {
      for (const auto& [child, number] : objects_[object].children) {
        if (child == name) return {name, number};
      }
    }
    return {"", 0};
  }

  void bind_own(LayerInstance& layer, size_t object, const std::string& where) {
    std::vector<StoredWeight> stored;
    std::set<size_t> used;
    for (const WeightSlot& slot : layer.weights) {
      auto [name, variable] = find(object, slot.name);
      if (name.empty() && slot.name == "kernel")
        std::tie(name, variable) = find(object, "depthwise_kernel");  // Keras 2
      const auto tensor = name.empty() ? tensors_.end() : tensors_.find(objects_[variable].key);
      if (tensor == tensors_.end()) fail_missing(where + slot.name, layer.name);
      stored.push_back({where + name, tensor->second->tensor});
      used.insert(variable);
    }
    for (const auto& [name, variable] : objects_[object].children) {
      if (!objects_[variable].key.empty() && !used.contains(variable))
        fail(ErrorCode::bad_file, path_ + ": " + layer.name,
             "the checkpoint has a variable '{}{}', which {} has not", where, name, layer.class_name);
    }
    binder_.bind(layer, std::move(stored));
  }

  // Children PREFIX0, PREFIX1, ... by number.
  std::vector<Named> numbered(size_t object, std::string_view prefix) const {
    std::map<int64_t, Named> found;
    for (const auto& [name, child] : objects_[object].children) {
      const std::string_view digits = std::string_view(name).substr(std::min(prefix.size(), name.size()));
      int64_t number = 0;
      const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
      if (name.starts_with(prefix) && error == std::errc() && end == digits.data() + digits.size())
        found[number] = {name, child};
    }
    std::vector<Named> all;
    for (auto& [number, named] : found) all.push_back(std::move(named));
    return all;
  }

  // The layers with weights that a model lists, or its functional twin.
  std::vector<Named> layers_of(size_t model) const {
    std::vector<Named> found = numbered(model, kWeighty);
    for (const std::string prefix : {"", "_functional", "functional"}) {
      const size_t holder = prefix.empty() ? model : find(model, prefix).second;
      for (const char* list : {"_layers", "_operations", "layers"}) {
        const auto [name, object] = find(holder, list);
        if (name != list || !found.empty()) continue;
        for (const auto& [number, layer] : numbered(object, "")) {
          if (weighty_[layer])
            found.emplace_back(prefix + (prefix.empty() ? "" : "/") + name + "/" + number, layer);
        }
      }
    }
    return found;
  }

  void bind_list(const std::vector<LayerInstance*>& wanted, const std::vector<Named>& found,
                 const std::string& where) {
    for (size_t i = 0; i < std::min(wanted.size(), found.size()); ++i)
      bind(*wanted[i], found[i].second, where + found[i].first + "/");
    if (found.size() < wanted.size())
      fail(ErrorCode::bad_file, path_ + ": " + wanted[found.size()]->name,
           "the checkpoint has weights for {} layers{}, the model needs {}; this one lacks", found.size(),
           where.empty() ? "" : " at '" + where + "'", wanted.size());
    if (found.size() > wanted.size())
      fail(ErrorCode::bad_file, path_,
           "the checkpoint has weights for {} layers{}, the model needs {}; '{}{}' is one too many",
           found.size(), where.empty() ? "" : " at '" + where + "'", wanted.size(), where,
           found[wanted.size()].first);
  }

  WeightBinder& binder_;
  const std::string& path_;
  const std::vector<Trackable>& objects_;
  const Tensors& tensors_;
  const std::vector<bool> weighty_;  // there are variables at or below the object
};

// ---- Names, as TensorFlow 1 wrote them: scopes of layers, "dense/kernel", "bidirectional/forward_lstm/kernel"

bool has_part(std::string_view name, std::string_view part) {
  return ("/" + std::string(name)).find("/" + std::string(part) + "/") != std::string::npos;
}

// The layers above that have names of their own, from the model's direct layer to the nearest.
std::vector<std::string> scopes_of(const LayerInstance& layer) {
  std::vector<std::string> names;
  for (const LayerInstance* at = &layer; at != nullptr && at->parent != nullptr; at = at->parent) {
    if (!at->name.empty()) names.insert(names.begin(), at->name);
  }
  return names;
}

void bind_named(WeightBinder& binder, const formats::ModelFile& file, const std::string& path,
                LayerInstance& root) {
  for (LayerInstance* layer : owners(root)) {
    std::vector<StoredWeight> stored;
    for (const WeightSlot& slot : layer->weights) {
      std::vector<const NamedTensor*> found;
      for (const NamedTensor& tensor : file.variables) {
        const std::string_view name = tensor.name;
        if (name == slot.name || name.ends_with("/" + slot.name)) found.push_back(&tensor);
      }
      // Each scope that narrows the choice is one of the variable's; wrappers leave some out.
      bool named = false;
      for (const std::string& scope : scopes_of(*layer)) {
        std::vector<const NamedTensor*> narrower;
        std::copy_if(found.begin(), found.end(), std::back_inserter(narrower),
                     [&](const NamedTensor* tensor) { return has_part(tensor->name, scope); });
        if (narrower.empty()) continue;
        found = std::move(narrower);
        named = true;
      }
      if (!named || found.size() != 1)
        fail(ErrorCode::bad_file, path + ": " + layer->name, "the checkpoint has {} variables for {}",
             named ? found.size() : 0, slot.name);
      stored.push_back({found[0]->name, found[0]->tensor});
    }
    binder.bind(*layer, std::move(stored));
  }
}

}  // namespace

void bind_checkpoint(WeightBinder& binder, const formats::ModelFile& file, const std::string& path,
                     LayerInstance& root) {
  Tensors tensors;
  for (const NamedTensor& tensor : file.variables) tensors[tensor.name] = &tensor;
  const auto graph = tensors.find(kGraph);
  if (graph == tensors.end()) return bind_named(binder, file, path, root);
  const Tensor& stored = graph->second->tensor;
  if (stored.dtype != DType::string || stored.shape.elements() != 1)
    fail(ErrorCode::bad_file, path, "the graph of objects has type {} and shape {}", dtype_name(stored.dtype),
         stored.shape.to_string());
  const std::vector<Trackable> objects = tensorflow::decode_trackables(strings_of(stored)[0], path);
  if (objects.empty()) fail(ErrorCode::bad_file, path, "the graph of objects is empty");
  ObjectBinder objects_binder(binder, path, objects, tensors);
  objects_binder.bind(root, objects_binder.find_model(), "");
}

}  // namespace cornu::import
