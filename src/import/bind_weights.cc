// Which tensor of the file is which weight. Keras 1 and 2 match by layer name or by order; Keras 3 by path.
// Source: keras/src/legacy/saving/legacy_h5_format.py and keras/src/saving/saving_lib.py, 3.15;
// keras/engine/topology.py, 2.0
#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstring>
#include <map>

#include "base/fail.h"
#include "import/bind_checkpoint.h"
#include "import/keras_model.h"
#include "import/keras_names.h"
#include "import/weight_binder.h"

namespace cornu::import {
namespace {

using layers::LayerInstance;
using layers::StoredWeight;
using layers::WeightSlot;

[[noreturn]] void fail_asset(const std::string& path, const LayerInstance& layer, const WeightSlot& slot) {
  fail(ErrorCode::bad_file, path + ": " + layer.name,
       "the file has no {} for {}; Keras stores a vocabulary that was adapted in .keras files only",
       slot.name, layer.class_name);
}

// ---- Keras 1 and 2: one group a layer
// -------------------------------------------------------------------------------

// Whether a part of a Keras 1 path is a weight of the layer: "conv1_W", "lstm_1_W_i:0".
bool is_weight_of(std::string_view part, std::string_view layer) {
  if (!part.starts_with(layer) || part.size() <= layer.size() || part[layer.size()] != '_') return false;
  const std::string_view weight = part.substr(layer.size() + 1);
  const std::string_view first = weight.substr(0, weight.find('_'));
  const bool number = std::all_of(first.begin(), first.end(),
                                  [](char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; });
  const bool gate = first == "W" || first == "U" || first == "b";  // of a recurrent layer
  return !number && (first == weight || gate);
}

// Whether `name` ("model_1/conv1/kernel:0", "conv1_W") belongs to the layer: it is one of the path's parts,
// or in Keras 1 the part before the weight's own name.
bool names_layer(std::string_view name, std::string_view layer) {
  for (size_t begin = 0; begin <= name.size();) {
    size_t end = name.find('/', begin);
    if (end == std::string_view::npos) end = name.size();
    const std::string_view part = name.substr(begin, end - begin);
    if (part == layer || (end == name.size() && is_weight_of(part, layer))) return true;
    begin = end + 1;
  }
  return name.starts_with(std::string(layer) + "/");  // the layer's own name may hold slashes
}

using Shares = std::vector<std::vector<StoredWeight>>;  // per owner

// Keras 1 held an array for each gate of a recurrent layer: from_legacy joins them. CuDNN layers had two
// biases.
bool is_recurrent(const LayerInstance& layer, size_t stored) {
  return layer.def.from_legacy != nullptr && layer.class_name.ends_with("Cell") &&
         (stored == 3 || stored == 9 || stored == 12);
}

// By name: every stored weight names exactly one owner, and every owner gets as many as it has slots.
bool share_by_name(const std::vector<LayerInstance*>& all, const std::vector<formats::NamedTensor>& stored,
                   Shares& shares) {
  shares.assign(all.size(), {});
  for (const formats::NamedTensor& weight : stored) {
    size_t found = all.size();
    for (size_t i = 0; i < all.size(); ++i) {
      if (!names_layer(weight.name, all[i]->name)) continue;
      if (found != all.size()) return false;
      found = i;
    }
    if (found == all.size()) return false;
    shares[found].push_back({weight.name, weight.tensor});
  }
  for (size_t i = 0; i < all.size(); ++i) {
    if (shares[i].size() != all[i]->weights.size() && !is_recurrent(*all[i], shares[i].size())) return false;
  }
  return true;
}

bool shapes_fit(const std::vector<LayerInstance*>& all, const Shares& shares) {
  for (size_t i = 0; i < all.size(); ++i) {
    if (is_recurrent(*all[i], shares[i].size())) continue;
    for (size_t k = 0; k < shares[i].size(); ++k) {
      if (shares[i][k].tensor.shape.elements() != all[i]->weights[k].shape.elements()) return false;
    }
  }
  return true;
}

bool frozen(const LayerInstance* layer) {
  for (; layer != nullptr; layer = layer->parent) {
    if (!layer->trainable) return true;
  }
  return false;
}

// By order, as Keras 2 flattened nested models: first the trainable weights of all layers, then the others. A
// frozen layer has only others. With `split` false: layer after layer, as Keras 1 did.
bool share_by_order(const std::vector<LayerInstance*>& all, const std::vector<formats::NamedTensor>& stored,
                    bool split, Shares& shares) {
  shares.clear();
  for (LayerInstance* layer : all) shares.emplace_back(layer->weights.size());
  size_t next = 0;
  size_t slots = 0;
  for (LayerInstance* layer : all) slots += layer->weights.size();
  if (slots != stored.size()) return false;
  for (int pass = 0; pass < (split ? 2 : 1); ++pass) {
    for (size_t i = 0; i < all.size(); ++i) {
      for (size_t k = 0; k < all[i]->weights.size(); ++k) {
        const bool trains = all[i]->weights[k].trainable && !frozen(all[i]);
        if (split && trains != (pass == 0)) continue;
        shares[i][k] = {stored[next].name, stored[next].tensor};
        ++next;
      }
    }
  }
  return shapes_fit(all, shares);
}

// The halves of a Bidirectional layer, whose arrays may be those of old recurrent layers: as many for each.
bool share_equally(const std::vector<LayerInstance*>& all, const std::vector<formats::NamedTensor>& stored,
                   Shares& shares) {
  if (stored.size() % all.size() != 0) return false;
  const size_t each = stored.size() / all.size();
  shares.assign(all.size(), {});
  for (size_t i = 0; i < stored.size(); ++i) {
    if (!is_recurrent(*all[i / each], each)) return false;
    shares[i / each].push_back({stored[i].name, stored[i].tensor});
  }
  return true;
}

void bind_group(WeightBinder& binder, LayerInstance& layer, const formats::LayerWeights& group,
                const std::string& path) {
  const std::vector<LayerInstance*> all = owners(layer);
  if (all.size() == 1) {
    std::vector<StoredWeight> stored;
    for (const formats::NamedTensor& weight : group.weights) stored.push_back({weight.name, weight.tensor});
    return binder.bind(*all[0], std::move(stored));
  }
  Shares shares;
  const bool found =
      (share_by_name(all, group.weights, shares) && shapes_fit(all, shares)) ||
      share_equally(all, group.weights, shares) || share_by_order(all, group.weights, true, shares) ||
      share_by_order(all, group.weights, false, shares) || share_by_name(all, group.weights, shares);
  if (!found) {
    size_t slots = 0;
    for (const LayerInstance* owner : all) slots += owner->weights.size();
    fail(ErrorCode::bad_file, path + ": " + layer.name,
         "the {} weights of the file fit the {} of the {} layers inside neither by name nor by order",
         group.weights.size(), slots, all.size());
  }
  for (size_t i = 0; i < all.size(); ++i) binder.bind(*all[i], std::move(shares[i]));
}

// The layers that have groups of their own: the model's direct layers; branches of a Keras 1 Merge count as
// direct.
void collect_grouped(LayerInstance& model, std::vector<LayerInstance*>& out) {
  for (const auto& child : model.children) {
    if (child->class_name == "Merge" && !child->children.empty()) {
      for (const auto& branch : child->children) collect_grouped(*branch, out);
    } else if (!owners(*child).empty()) {
      out.push_back(child.get());
    }
  }
}

void bind_legacy(WeightBinder& binder, const formats::ModelFile& file, const std::string& path,
                 LayerInstance& root) {
  for (const LayerInstance* layer : owners(root)) {
    for (const WeightSlot& slot : layer->weights) {
      if (is_asset(slot)) fail_asset(path, *layer, slot);
    }
  }
  std::vector<LayerInstance*> wanted;
  collect_grouped(root, wanted);
  std::map<std::string_view, const formats::LayerWeights*> by_name;
  std::vector<const formats::LayerWeights*> by_order;
  for (const formats::LayerWeights& group : file.layers) {
    by_name[group.layer] = &group;
    if (!group.weights.empty()) by_order.push_back(&group);
  }
  const bool all_named = std::all_of(wanted.begin(), wanted.end(), [&](const LayerInstance* layer) {
    const auto found = by_name.find(layer->name);
    return found != by_name.end() && !found->second->weights.empty();
  });
  if (!all_named && wanted.size() != by_order.size()) {
    for (const LayerInstance* layer : wanted) {
      if (!by_name.contains(layer->name)) {
        fail(
            ErrorCode::bad_file, path + ": " + layer->name,
            "the file has no weights of this name, and it has weights for {} layers where the model needs {}",
            by_order.size(), wanted.size());
      }
    }
  }
  for (size_t i = 0; i < wanted.size(); ++i) {
    bind_group(binder, *wanted[i],
               all_named || wanted.size() != by_order.size() ? *by_name.at(wanted[i]->name) : *by_order[i],
               path);
  }
}

// ---- Keras 3: a tree of paths
// ---------------------------------------------------------------------------------------

struct Folder {
  std::map<std::string, Folder> folders;
  std::map<int64_t, const formats::NamedTensor*> variables;  // of "vars", by number
  std::map<std::string, const formats::NamedText*> assets;   // by file name
  bool any_variable() const {
    return !variables.empty() || !assets.empty() ||
           std::any_of(folders.begin(), folders.end(),
                       [](const auto& item) { return item.second.any_variable(); });
  }
};

Folder make_tree(const std::vector<formats::NamedTensor>& variables,
                 const std::vector<formats::NamedText>& assets) {
  Folder root;
  for (const formats::NamedText& asset : assets) {
    Folder* at = &root;
    std::string_view rest = asset.name;
    for (size_t slash = rest.find('/'); slash != std::string_view::npos; slash = rest.find('/')) {
      at = &at->folders[std::string(rest.substr(0, slash))];
      rest.remove_prefix(slash + 1);
    }
    at->assets[std::string(rest)] = &asset;
  }
  for (const formats::NamedTensor& variable : variables) {
    Folder* at = &root;
    std::string_view rest = variable.name;
    while (true) {
      const size_t slash = rest.find('/');
      const std::string part(rest.substr(0, slash));
      if (slash == std::string_view::npos) {
        const bool number =
            !part.empty() && part.size() < 10 &&
            std::all_of(part.begin(), part.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
        // Layers with variables of their own names (TextVectorization's vocabulary) are not numbered; they
        // are kept last.
        at->variables[number ? std::stoll(part)
                             : static_cast<int64_t>(1000000000) +
                                   static_cast<int64_t>(at->variables.size())] = &variable;
        break;
      }
      if (part != "vars") at = &at->folders[part];
      rest.remove_prefix(slash + 1);
    }
  }
  return root;
}

// Sub-folders "dense", "dense_1", ... of a class, by their number.
std::vector<std::pair<int64_t, const Folder*>> numbered(const Folder& container, const std::string& base) {
  std::vector<std::pair<int64_t, const Folder*>> found;
  for (const auto& [name, folder] : container.folders) {
    if (name == base) {
      found.emplace_back(0, &folder);
    } else if (name.size() > base.size() + 1 && name.starts_with(base + "_") &&
               std::all_of(name.begin() + static_cast<long>(base.size()) + 1, name.end(),
                           [](unsigned char c) { return std::isdigit(c) != 0; }) &&
               name.size() < base.size() + 10) {
      found.emplace_back(std::stoll(name.substr(base.size() + 1)), &folder);
    }
  }
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  return found;
}

class TreeBinder {
 public:
  using WeightPaths = decltype(KerasModel::weight_paths);
  TreeBinder(WeightBinder& binder, const std::string& path, const WeightPaths& weight_paths)
      : binder_(binder), path_(path), weight_paths_(weight_paths) {}

  void bind(LayerInstance& layer, const Folder& folder, const std::string& where) {
    if (const auto paths = weight_paths_.find(&layer); paths != weight_paths_.end()) {
      std::vector<StoredWeight> stored;
      for (const std::string& place : paths->second) stored.push_back(variable_at(folder, place, where));
      binder_.bind(layer, std::move(stored));
    } else if (!layer.weights.empty()) {
      std::vector<StoredWeight> stored;
      for (const WeightSlot& slot : layer.weights) {
        if (!is_asset(slot)) continue;
        const auto found = folder.assets.find(slot.name);
        if (found == folder.assets.end()) fail_asset(path_, layer, slot);
        stored.push_back({slot.name, string_tensor({found->second->text}, {1})});
      }
      for (const auto& [number, variable] : folder.variables)
        stored.push_back({variable->name, variable->tensor});
      binder_.bind(layer, std::move(stored));
    }
    std::vector<LayerInstance*> listed;
    std::vector<LayerInstance*> cells;  // of StackedRNNCells
    for (const auto& child : layer.children) {
      if (child->attribute == "layers") {
        listed.push_back(child.get());
      } else if (child->attribute == "cells") {
        cells.push_back(child.get());
      } else if (!owners(*child).empty()) {
        bind(*child, find_attribute(folder, child->attribute, where), where + "/" + child->attribute);
      }
    }
    if (!listed.empty()) bind_list(listed, find_list(folder), where);
    if (!cells.empty()) bind_list(cells, &find_attribute(folder, "cells", where), where);
  }

 private:
  // The variable at "attention/query_dense/vars/0" below a folder.
  StoredWeight variable_at(const Folder& folder, std::string_view place, const std::string& where) {
    const Folder* at = &folder;
    std::string_view rest = place;
    for (size_t slash = rest.find('/'); at != nullptr && slash != std::string_view::npos;
         slash = rest.find('/')) {
      const std::string part(rest.substr(0, slash));
      rest.remove_prefix(slash + 1);
      if (part == "vars") continue;
      const auto next = at->folders.find(part);
      at = next == at->folders.end() ? nullptr : &next->second;
    }
    int64_t number = -1;
    std::from_chars(rest.data(), rest.data() + rest.size(), number);
    const auto found = at == nullptr ? folder.variables.end() : at->variables.find(number);
    if (at == nullptr || found == at->variables.end())
      fail(ErrorCode::bad_file, path_, "the file has no weight at '{}/{}'", where, place);
    return {found->second->name, found->second->tensor};
  }

  const Folder& find_attribute(const Folder& folder, const std::string& attribute, const std::string& where) {
    for (const std::string& name : {attribute, "_" + attribute}) {
      const auto found = folder.folders.find(name);
      if (found != folder.folders.end()) return found->second;
    }
    fail(ErrorCode::bad_file, path_, "the file has no weights at '{}/{}'", where, attribute);
  }

  const Folder* find_list(const Folder& folder) {
    for (const char* name : {"layers", "_layer_checkpoint_dependencies", "_operations", "_layers"}) {
      const auto found = folder.folders.find(name);
      if (found != folder.folders.end() && found->second.any_variable()) return &found->second;
    }
    for (const char* name :
         {"_functional", "functional"}) {  // a Sequential may keep its layers inside its functional twin
      const auto found = folder.folders.find(name);
      if (found == folder.folders.end()) continue;
      if (const Folder* inner = find_list(found->second)) return inner;
    }
    return nullptr;
  }

  void bind_list(const std::vector<LayerInstance*>& listed, const Folder* container,
                 const std::string& where) {
    std::map<std::string, std::vector<LayerInstance*>> by_class;
    for (LayerInstance* layer : listed) by_class[snake_case(layer->class_name)].push_back(layer);
    for (const auto& [base, members] : by_class) {
      std::vector<LayerInstance*> weighty;
      std::copy_if(members.begin(), members.end(), std::back_inserter(weighty),
                   [](LayerInstance* layer) { return !owners(*layer).empty(); });
      if (weighty.empty()) continue;
      if (container == nullptr)
        fail(ErrorCode::bad_file, path_, "the file has no folder of layers at '{}'", where);
      auto folders = numbered(*container, base);
      // Groups bear the name of the Python class, which may differ from the registered one.
      for (std::string_view other : weighty[0]->def.keras_names) {
        if (folders.empty() && !other.empty()) folders = numbered(*container, snake_case(other));
      }
      for (size_t i = 0; i < weighty.size(); ++i) {
        const Folder* found = nullptr;
        if (folders.size() == weighty.size()) {
          found = folders[i].second;
        } else {  // some members have no weights: their numbers count all members
          const auto rank = std::find(members.begin(), members.end(), weighty[i]) - members.begin();
          for (const auto& [number, candidate] : folders) found = number == rank ? candidate : found;
        }
        if (found == nullptr) {
          fail(ErrorCode::bad_file, path_ + ": " + weighty[i]->name,
               "the file has {} groups named '{}' at '{}', the model has {} such layers with weights",
               folders.size(), base, where, weighty.size());
        }
        bind(*weighty[i], *found, where + "/layers/" + base);
      }
    }
  }

  WeightBinder& binder_;
  const std::string& path_;
  const WeightPaths& weight_paths_;
};

}  // namespace

WeightBytes bind_weights(const formats::ModelFile& file, const std::string& path, KerasModel& model) {
  LayerInstance& root = *model.root;
  WeightBinder binder(path, model.dialect, model.graph);
  if (owners(root).empty()) return {};
  if (file.format == "checkpoint") {
    bind_checkpoint(binder, file, path, root);
  } else if (!file.variables.empty() || !file.texts.empty()) {
    TreeBinder(binder, path, model.weight_paths).bind(root, make_tree(file.variables, file.texts), "");
  } else {
    bind_legacy(binder, file, path, root);
  }
  return binder.bytes();
}

}  // namespace cornu::import
