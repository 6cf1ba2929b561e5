// Source: _save_state and _save_container_state of keras/src/saving/saving_lib.py; save_weights_to_hdf5_group of
// keras/src/legacy/saving/legacy_h5_format.py, 3.15.1
#include <map>
#include <set>

#include "base/fail.h"
#include "export/keras_export.h"
#include "import/keras_names.h"

namespace cornu::exporting {
namespace {

using layers::LayerInstance;
using layers::WeightSlot;

const Tensor& bound(const import::KerasModel& model, const LayerInstance& layer, const WeightSlot& slot) {
  const Tensor* tensor = model.graph.constant(slot.value);
  if (tensor == nullptr)
    fail(ErrorCode::bad_argument, layer.name, "the weight {} has no value yet", slot.name);
  return *tensor;
}

class Variables {
 public:
  explicit Variables(const import::KerasModel& model) : model_(model) {}

  std::vector<formats::NamedTensor> run() {
    add(*model_.root, "");
    return std::move(out_);
  }

 private:
  void add(const LayerInstance& layer, const std::string& path) {
    for (size_t i = 0; i < layer.weights.size(); ++i)
      out_.push_back({path + "vars/" + std::to_string(i), bound(model_, layer, layer.weights[i])});
    std::map<std::string, std::map<std::string, int>> used;  // per list, per class
    for (const auto& child : layer.children) {
      std::string name = child->attribute;
      if (name == "layers" || name == "cells") {
        const std::string base = import::snake_case(child->class_name);
        const int count = used[name][base]++;
        name += "/" + base + (count == 0 ? "" : "_" + std::to_string(count));
      }
      add(*child, path + name + "/");
    }
  }

  const import::KerasModel& model_;
  std::vector<formats::NamedTensor> out_;
};

// The weights of one entry of `layer_names`: those that train, then the others.
class ListedWeights {
 public:
  explicit ListedWeights(const import::KerasModel& model) : model_(model) {}

  std::vector<formats::NamedTensor> run(const LayerInstance& layer) {
    add(layer, layer.name, true);
    trainable_.insert(trainable_.end(), std::make_move_iterator(others_.begin()),
                      std::make_move_iterator(others_.end()));
    return std::move(trainable_);
  }

 private:
  void add(const LayerInstance& layer, const std::string& path, bool trains) {
    trains = trains && layer.trainable;
    for (const WeightSlot& slot : layer.weights) {
      auto& list = trains && slot.trainable ? trainable_ : others_;
      list.push_back({unique(path + "/" + slot.name), bound(model_, layer, slot)});
    }
    for (const auto& child : layer.children) add(*child, path + "/" + child->name, trains);
  }

  // A dataset cannot have the name of another, or of a group on another's way.
  std::string unique(const std::string& name) {
    std::string free = name;
    for (int i = 1; !names_.insert(free).second; ++i) free = name + "_" + std::to_string(i);
    return free;
  }

  const import::KerasModel& model_;
  std::vector<formats::NamedTensor> trainable_;
  std::vector<formats::NamedTensor> others_;
  std::set<std::string> names_;
};

}  // namespace

std::vector<formats::NamedTensor> keras_variables(const import::KerasModel& model) {
  return Variables(model).run();
}

std::vector<formats::LayerWeights> keras_layers(const import::KerasModel& model) {
  std::vector<formats::LayerWeights> out;
  for (const auto& child : model.root->children) {
    // Sequential models do not list their input layer: Sequential.layers, 3.15.1
    if (model.root->class_name == "Sequential" && child->class_name == "InputLayer") continue;
    out.push_back({child->name, ListedWeights(model).run(*child)});
  }
  return out;
}

}  // namespace cornu::exporting
