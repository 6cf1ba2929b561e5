// The ".keras" format of Keras 2.13 and later: config.json, metadata.json and model.weights.h5 in a zip
// archive; the same files in a plain folder; and an index of sharded weights by itself. Source:
// docs/formats/keras_zip.md; keras/src/saving/saving_lib.py, 3.15.1
#include <string>
#include <string_view>
#include <utility>

#include "base/fail.h"
#include "base/json.h"
#include "formats/hdf5/keras_weights.h"
#include "formats/keras_zip/container.h"
#include "formats/keras_zip/sharded_weights.h"
#include "formats/model_file.h"

namespace cornu::formats {
namespace {

namespace fs = std::filesystem;

constexpr const char* kConfig = "config.json";
constexpr const char* kMetadata = "metadata.json";
constexpr const char* kWeights = "model.weights.h5";
constexpr const char* kShardedWeights = "model.weights.json";
constexpr const char* kPickledWeights = "model.weights.npz";
constexpr std::string_view kAssets = "assets";
constexpr std::string_view kSpace = " \t\r\n";

std::string_view as_text(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// Entry header, end record of an empty archive, first part of a divided one (APPNOTE 4.3.7, 4.3.16, 8.5.3):
// all that start so are ours, and what is wrong with them is for read() to say.
bool is_zip(std::string_view head) {
  return head.starts_with("PK\3\4") || head.starts_with("PK\5\6") || head.starts_with("PK\7\x8");
}

bool is_shard_index(std::string_view head) {
  const size_t start = head.find_first_not_of(kSpace);
  return start != head.npos && head[start] == '{' && head.find("\"weight_map\"") != head.npos;
}

bool matches(const fs::path& path, bool is_folder, std::span<const std::byte> head) {
  if (!is_folder) return is_zip(as_text(head)) || is_shard_index(as_text(head));
  const auto container = open_folder_container(path);
  return container->has(kWeights) || container->has(kShardedWeights) || container->has(kPickledWeights);
}

// A config that was encoded twice is a JSON string that holds the JSON text.
std::string unwrap(std::string text, const std::string& where) {
  const size_t start = text.find_first_not_of(kSpace);
  if (start == text.npos || text[start] != '"') return text;
  return std::string(Json::parse(text, where).string());
}

void read_weights(Container& container, const fs::path& path, ModelFile& out) {
  if (container.has(kWeights)) {
    const FileBytes content = container.bytes(kWeights);
    read_keras_weights(
        hdf5::File::open(content.bytes, content.owner, content.in_place, container.where(kWeights)), out);
  } else if (container.has(kShardedWeights)) {
    read_sharded_weights(container, kShardedWeights, out);
  } else if (container.has(kPickledWeights)) {
    fail(ErrorCode::unsupported, container.where(kPickledWeights),
         "the weights are pickled Python objects, which are not read; save the model with "
         "weights_format=\"h5\"");
  } else if (container.has(kConfig)) {
    fail(ErrorCode::bad_file, path.string(), "has a {} but no weights: neither {} nor {}", kConfig, kWeights,
         kShardedWeights);
  } else {
    for (const std::string& name : container.names_below("")) {
      if (name.ends_with("saved_model.pb"))
        fail(ErrorCode::unsupported, path.string(),
             "is an archive of a SavedModel, whose weights can only be used in place once it is unpacked; "
             "unpack "
             "it and load the folder of '{}'",
             name);
    }
    fail(ErrorCode::bad_file, path.string(), "holds no Keras model: neither {} nor {}", kConfig, kWeights);
  }
}

// Without config.json it is a weights-only file: config stays empty, and the caller has to bring one.
ModelFile read_model(Container& container, const fs::path& path) {
  std::string config;
  std::string version;
  if (container.has(kConfig)) config = unwrap(container.text(kConfig), container.where(kConfig));
  if (container.has(kMetadata)) {
    const Json written = Json::parse(container.text(kMetadata), container.where(kMetadata))["keras_version"];
    if (written.is_string()) version = written.string();
  }
  ModelFile file;
  read_weights(container, path, file);
  if (!config.empty()) file.config = std::move(config);  // what the weights say of themselves counts less
  if (!version.empty()) file.keras_version = std::move(version);
  for (const std::string& name : container.names_below(std::string(kAssets))) {
    if (name.ends_with(".txt")) file.texts.push_back({name.substr(kAssets.size() + 1), container.text(name)});
  }
  file.file_bytes = container.size_bytes();
  return file;
}

ModelFile read(const fs::path& path) {
  if (fs::is_directory(path)) return read_model(*open_folder_container(path), path);
  if (is_zip(as_text(map_file(path)->bytes()))) return read_model(*open_zip_container(path), path);
  ModelFile file;
  const auto container = open_folder_container(path.parent_path());
  read_sharded_weights(*container, path.filename().string(), file);
  file.file_bytes = container->size_bytes();
  return file;
}

}  // namespace

extern const FormatDef format_keras_zip;
const FormatDef format_keras_zip = {
    "keras_zip", "Keras 3 archive (.keras), its plain folder, or an index of sharded weights", matches, read};

}  // namespace cornu::formats
