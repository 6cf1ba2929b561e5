#include <unordered_map>
#include <unordered_set>

#include "base/fail.h"
#include "base/printable.h"
#include "formats/hdf5/attribute.h"
#include "formats/hdf5/dataset.h"
#include "formats/hdf5/keras_layouts.h"

namespace cornu::formats {
namespace {

using hdf5::Group;
using hdf5::Link;
using hdf5::Object;

constexpr int64_t kMaxCount = 1 << 16;  // of `nb_layers` and `nb_params`, which nothing else bounds
constexpr char kTopLevel[] =
    "top_level_model_weights";  // variables that belong to the model itself, since Keras 2.7

// Looks datasets up by their path below one layer's group. Every group on the way is read once.
class LayerGroup {
 public:
  explicit LayerGroup(Group group) : group_(std::move(group)) {}

  Tensor dataset(std::string_view path) {
    const Group* group = &group_;
    std::string_view rest = path;
    while (true) {
      // Names hold slashes where the layer's name did ("block/conv"), which HDF5 takes for nested groups.
      // Repeated slashes count as one.
      const size_t slash = rest.find('/');
      const std::string_view part = rest.substr(0, slash);
      rest.remove_prefix(slash == std::string_view::npos ? rest.size() : slash + 1);
      if (part.empty() && !rest.empty()) continue;
      const Link* link = group->find(part);
      if (link == nullptr) {
        fail(ErrorCode::bad_file, group_.object().where(), "the weight \"{}\" is listed but not stored",
             printable(path));
      }
      if (rest.empty()) return hdf5::read_dataset(group->open(*link));
      group = &child(*group, *link);
    }
  }

 private:
  const Group& child(const Group& group, const Link& link) {
    const auto found = children_.find(link.address);
    if (found != children_.end() && link.kind == hdf5::LinkKind::hard) return found->second;
    return children_.emplace(link.address, Group(group.open(link))).first->second;
  }

  Group group_;
  std::unordered_map<uint64_t, Group> children_;  // by address; references stay valid
};

Group open_group(const Group& parent, std::string_view name) {
  const Link* link = parent.find(name);
  if (link == nullptr) {
    fail(ErrorCode::bad_file, parent.object().where(), "the layer \"{}\" is listed but not stored",
         printable(name));
  }
  return Group(parent.open(*link));
}

// A layer's name may hold slashes, which make nested groups.
Group open_path(const Group& parent, std::string_view path) {
  const size_t slash = path.find('/');
  if (slash == std::string_view::npos || parent.find(path) != nullptr) return open_group(parent, path);
  if (slash == 0) return open_path(parent, path.substr(1));
  return open_path(open_group(parent, path.substr(0, slash)), path.substr(slash + 1));
}

LayerWeights read_layer(Group group, std::string_view name) {
  LayerWeights layer{std::string(name), {}};
  const auto weight_names = hdf5::find_texts(group.object(), "weight_names");
  if (!weight_names) return layer;
  std::unordered_set<std::string_view> seen;
  const std::string where = group.object().where();
  LayerGroup datasets(std::move(group));
  layer.weights.reserve(weight_names->size());
  for (std::string_view weight : *weight_names) {
    if (!seen.insert(weight).second) {
      fail(ErrorCode::bad_file, where, "the weight \"{}\" is listed twice", printable(weight));
    }
    layer.weights.push_back({std::string(weight), datasets.dataset(weight)});
  }
  return layer;
}

void read_named_layers(const Group& weights, const std::vector<std::string_view>& names, ModelFile& out) {
  // No writer can store two layers in one group: a file that names one twice wants us to do work for nothing.
  std::unordered_set<uint64_t> seen;
  out.layers.reserve(out.layers.size() + names.size() + 1);
  for (std::string_view name : names) {
    Group group = open_path(weights, name);
    if (!seen.insert(group.object().address()).second) {
      fail(ErrorCode::bad_file, group.object().where(), "the group is listed as two layers");
    }
    out.layers.push_back(read_layer(std::move(group), name));
  }
  const Link* top_level = weights.find(kTopLevel);
  if (top_level == nullptr) return;
  LayerWeights layer = read_layer(Group(weights.open(*top_level)), kTopLevel);
  if (!layer.weights.empty()) out.layers.push_back(std::move(layer));
}

int64_t read_count(const Object& object, const char* name) {
  const auto attribute = hdf5::find_attribute(object, name);
  if (!attribute) fail(ErrorCode::bad_file, object.where(), "has no attribute \"{}\"", name);
  const int64_t count = attribute->integer();
  if (count < 0 || count > kMaxCount) {
    fail(ErrorCode::bad_file, attribute->where, "is {}; 0 to {} would do", count, kMaxCount);
  }
  return count;
}

void read_counted_layers(const Group& weights, ModelFile& out) {
  const int64_t layers = read_count(weights.object(), "nb_layers");
  for (int64_t i = 0; i < layers; ++i) {
    LayerWeights layer{"layer_" + std::to_string(i), {}};
    Group group = open_group(weights, layer.layer);
    const int64_t params = read_count(group.object(), "nb_params");
    LayerGroup datasets(std::move(group));
    for (int64_t k = 0; k < params; ++k) {
      std::string name = "param_" + std::to_string(k);
      Tensor tensor = datasets.dataset(name);
      layer.weights.push_back({std::move(name), std::move(tensor)});
    }
    out.layers.push_back(std::move(layer));
  }
}

}  // namespace

bool read_keras_layers(const Group& weights, ModelFile& out) {
  if (const auto names = hdf5::find_texts(weights.object(), "layer_names")) {
    read_named_layers(weights, *names, out);
    return true;
  }
  if (!hdf5::find_attribute(weights.object(), "nb_layers")) return false;
  read_counted_layers(weights, out);
  return true;
}

}  // namespace cornu::formats
