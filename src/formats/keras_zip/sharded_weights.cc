#include "formats/keras_zip/sharded_weights.h"

#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "base/fail.h"
#include "base/json.h"
#include "base/printable.h"
#include "formats/hdf5/keras_weights.h"

namespace cornu::formats {
namespace {

bool is_plain_name(std::string_view name) {
  const bool has_separator = name.find_first_of(std::string_view("/\\\0", 3)) != name.npos;
  return !name.empty() && !has_separator && name != "." && name != "..";
}

// The names of all shards, in the order in which the index first mentions them.
std::vector<std::string> shard_names(const Json& index, const std::string& where) {
  const Json weight_map = index["weight_map"];
  if (!weight_map.is_object()) {
    fail(ErrorCode::bad_file, where, "is no index of sharded weights: it has no object \"weight_map\"");
  }
  std::vector<std::string> names;
  std::set<std::string> seen;
  for (const auto& [variables, files] : weight_map.members()) {
    const std::vector<Json> listed = files.is_array() ? files.elements() : std::vector<Json>{files};
    for (const Json& file : listed) {
      if (!file.is_string() || !is_plain_name(file.string())) {
        fail(ErrorCode::bad_file, where,
             "\"{}\" lies in {}, which is not the name of a file in the same folder", printable(variables),
             printable(file.dump()));
      }
      if (seen.emplace(file.string()).second) names.emplace_back(file.string());
    }
  }
  return names;
}

}  // namespace

void read_sharded_weights(Container& container, const std::string& name, ModelFile& out) {
  const std::string where = container.where(name);
  const Json index = Json::parse(container.text(name), where);
  std::set<std::string> known;
  for (const std::string& shard : shard_names(index, where)) {
    if (!container.has(shard)) {
      fail(ErrorCode::bad_file, where,
           "names the shard \"{}\", which is not there; all shards belong beside their index",
           printable(shard));
    }
    const FileBytes content = container.bytes(shard);
    ModelFile part;
    read_keras_weights(
        hdf5::File::open(content.bytes, content.owner, content.in_place, container.where(shard)), part);
    if (!part.layers.empty())
      fail(ErrorCode::bad_file, container.where(shard), "holds weights of Keras 1 or 2, which has no shards");
    for (NamedTensor& variable : part.variables) {
      if (!known.insert(variable.name).second) {
        fail(ErrorCode::bad_file, container.where(shard), "holds \"{}\", which an earlier shard holds too",
             printable(variable.name));
      }
      out.variables.push_back(std::move(variable));
    }
  }
}

}  // namespace cornu::formats
