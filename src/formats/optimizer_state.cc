#include "formats/optimizer_state.h"

#include <algorithm>
#include <optional>

#include "base/fail.h"
#include "formats/hdf5/attribute.h"
#include "formats/hdf5/dataset.h"
#include "formats/hdf5/file.h"
#include "formats/hdf5/group.h"
#include "formats/keras_zip/container.h"

namespace cornu::formats {
namespace {

using hdf5::Group;
using hdf5::Link;

constexpr char kWeights[] = "model.weights.h5";

bool is_zip(std::span<const std::byte> bytes) {
  const std::string_view head(reinterpret_cast<const char*>(bytes.data()), std::min<size_t>(bytes.size(), 4));
  return head == "PK\3\4";
}

std::optional<Group> find_group(const Group& parent, std::string_view name) {
  const Link* link = parent.find(name);
  if (link == nullptr) return std::nullopt;
  return Group(parent.open(*link));
}

// Keras 3: optimizer/vars/0, 1, ...
void read_numbered(const Group& vars, OptimizerState& state) {
  for (int64_t i = 0;; ++i) {
    const Link* link = vars.find(std::to_string(i));
    if (link == nullptr) return;
    state.variables.push_back({"optimizer/vars/" + std::to_string(i), hdf5::read_dataset(vars.open(*link))});
  }
}

// Legacy: optimizer_weights, whose attribute lists paths of datasets below it.
void read_listed(const Group& group, OptimizerState& state) {
  const auto names = hdf5::find_texts(group.object(), "weight_names");
  if (!names) return;
  for (std::string_view name : *names) {
    std::string_view rest = name;
    Group at = group;
    for (size_t slash = rest.find('/'); slash != rest.npos && at.find(rest) == nullptr;
         slash = rest.find('/')) {
      auto next = find_group(at, rest.substr(0, slash));
      if (!next) break;
      at = std::move(*next);
      rest.remove_prefix(slash + 1);
    }
    const Link* link = at.find(rest);
    if (link == nullptr)
      fail(ErrorCode::bad_file, group.object().where(),
           "a variable of the optimizer is listed but not stored");
    state.variables.push_back({std::string(name), hdf5::read_dataset(at.open(*link))});
  }
}

OptimizerState read_file(const hdf5::File& file) {
  OptimizerState state;
  const Group root = file.root();
  if (const auto attribute = hdf5::find_attribute(root.object(), "training_config"))
    state.training_config = attribute->text();
  if (const auto optimizer = find_group(root, "optimizer")) {
    if (const auto vars = find_group(*optimizer, "vars")) read_numbered(*vars, state);
  } else if (const auto weights = find_group(root, "optimizer_weights")) {
    read_listed(*weights, state);
  }
  return state;
}

}  // namespace

OptimizerState read_optimizer_state(const std::filesystem::path& path) {
  if (std::filesystem::is_directory(path)) return {};
  const StoragePtr storage = map_file(path);
  if (is_zip(storage->bytes())) {
    const auto container = open_zip_container(path);
    if (!container->has(kWeights)) return {};
    const FileBytes content = container->bytes(kWeights);
    return read_file(
        hdf5::File::open(content.bytes, content.owner, content.in_place, container->where(kWeights)));
  }
  if (!hdf5::has_signature(storage->bytes())) return {};
  return read_file(hdf5::File::open(storage->bytes(), storage, true, path.string()));
}

}  // namespace cornu::formats
