// Checkpoints of TensorFlow as weights: an index of names, and shards that are mapped and used in place (formats/bundle.h). What
// the names mean, the object graph in them tells, which is not decoded here.
// Source  docs/formats/saved_model.md
#include "formats/checkpoint/checkpoint_path.h"

#include "base/fail.h"
#include "formats/bundle.h"
#include "formats/model_file.h"
#include "formats/proto.h"
#include "formats/saved_model/text_model.h"
#include "formats/table.h"

namespace cornu::formats {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kIndex = ".index";
constexpr const char* kState = "checkpoint";

bool is_file(const fs::path& path) {
  std::error_code error;
  return fs::is_regular_file(path, error);
}

bool matches(const fs::path& path, bool is_folder, std::span<const std::byte>) {
  return !is_folder && path.filename().string().ends_with(kIndex) && is_table(map_file(path)->bytes());
}

ModelFile read(const fs::path& path) {
  fs::path prefix = path;
  prefix.replace_extension();
  Bundle bundle = read_bundle(prefix);
  ModelFile file;
  file.variables = std::move(bundle.tensors);
  file.file_bytes = bundle.file_bytes;
  return file;
}

}  // namespace

fs::path model_path(const fs::path& path) {
  const auto index_of = [](const fs::path& prefix) {
    return fs::path(prefix.string() + std::string(kIndex));
  };
  std::error_code error;
  if (!fs::exists(path, error)) return is_file(index_of(path)) ? index_of(path) : path;
  const fs::path state = path / kState;
  if (!fs::is_directory(path, error) || !is_file(state)) return path;
  const StoragePtr text = map_file(state);
  const std::string wire = wire_of_text(
      "CheckpointState", {reinterpret_cast<const char*>(text->bytes().data()), text->bytes().size()},
      state.string());
  protozero::pbf_reader reader(wire);
  std::string latest;
  while (reader.next(1)) latest = reader.get_string();
  // A name beside the file: whole paths are those of the machine that wrote it.
  const fs::path name = fs::path(latest).filename();
  if (name.empty() || name == "." || name == "..")
    fail(ErrorCode::bad_file, state.string(), "the file names no latest checkpoint");
  return index_of(path / name);
}

extern const FormatDef format_checkpoint;
const FormatDef format_checkpoint = {
    "checkpoint", "weights in a TensorFlow checkpoint (.index and .data files)", matches, read};

}  // namespace cornu::formats
