// SavedModel folders: saved_model.pb or saved_model.pbtxt, variables/ (a checkpoint) and assets/. The message is not decoded here: src/tensorflow
// reads it where it lies; variables are views of the mapped shards.
// Source  docs/formats/saved_model.md; tensorflow/python/saved_model/constants.py
#include <algorithm>

#include "base/fail.h"
#include "formats/bundle.h"
#include "formats/model_file.h"
#include "formats/saved_model/text_model.h"

namespace cornu::formats {
namespace {

namespace fs = std::filesystem;

constexpr const char* kModel = "saved_model.pb";
constexpr const char* kTextModel = "saved_model.pbtxt";
constexpr const char* kKerasMetadata = "keras_metadata.pb";

bool is_there(const fs::path& path) {
  std::error_code error;
  return fs::exists(path, error);
}

bool matches(const fs::path& path, bool is_folder, std::span<const std::byte>) {
  return is_folder && (is_there(path / kModel) || is_there(path / kTextModel));
}

// Regular files of a folder, by name; folders within are not looked into, and links out of it are not followed.
std::vector<SideFile> files_of(const fs::path& folder) {
  std::vector<SideFile> files;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (entry.is_regular_file(error) && !entry.is_symlink(error))
      files.push_back({entry.path().filename().string(), entry.path()});
  }
  std::sort(files.begin(), files.end(), [](const SideFile& a, const SideFile& b) { return a.name < b.name; });
  return files;
}

ModelFile read(const fs::path& path) {
  ModelFile file;
  if (is_there(path / kModel)) {
    const StoragePtr model = map_file(path / kModel);
    file.graph = {model->bytes(), model, true};
    file.file_bytes = static_cast<int64_t>(model->bytes().size());
  } else {
    const StoragePtr text = map_file(path / kTextModel);
    const auto bytes = std::make_shared<const std::string>(wire_of_text(
        "SavedModel", {reinterpret_cast<const char*>(text->bytes().data()), text->bytes().size()},
        (path / kTextModel).string()));
    file.graph = {std::as_bytes(std::span(*bytes)), bytes, false};
    file.file_bytes = static_cast<int64_t>(text->bytes().size());
  }
  if (is_there(path / "variables" / "variables.index")) {
    Bundle bundle = read_bundle(path / "variables" / "variables");
    file.variables = std::move(bundle.tensors);
    file.file_bytes += bundle.file_bytes;
  }
  file.assets = files_of(path / "assets");
  if (is_there(path / kKerasMetadata)) file.side_files.push_back({kKerasMetadata, path / kKerasMetadata});
  return file;
}

}  // namespace

extern const FormatDef format_saved_model;
const FormatDef format_saved_model = {"saved_model", "TensorFlow SavedModel folder", matches, read};

}  // namespace cornu::formats
