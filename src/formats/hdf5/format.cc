// The HDF5 format: full models and weights that Keras saved as .h5, .hdf5 or .weights.h5.
// Source: docs/formats/hdf5.md
#include <cstring>

#include "base/fail.h"
#include "formats/hdf5/keras_weights.h"

namespace cornu::formats {

extern const FormatDef format_hdf5;

namespace {

// A zip may hold an HDF5 file just where a user block would end.
bool is_zip(std::span<const std::byte> head) {
  return head.size() >= 4 && std::memcmp(head.data(), "PK\3\4", 4) == 0;
}

bool matches(const std::filesystem::path&, bool is_folder, std::span<const std::byte> head) {
  return !is_folder && hdf5::has_signature(head) && !is_zip(head);
}

ModelFile read(const std::filesystem::path& path) {
  const StoragePtr storage = map_file(path);
  ModelFile out;
  out.file_bytes = static_cast<int64_t>(storage->bytes().size());
  read_keras_weights(hdf5::File::open(storage->bytes(), storage, true, path.string()), out);
  if (out.config.empty() && out.layers.empty() && out.variables.empty()) {
    fail(ErrorCode::bad_file, path.string(),
         "the HDF5 file holds neither a Keras model (attribute model_config) nor weights (layer_names or "
         "vars/0)");
  }
  return out;
}

}  // namespace

const FormatDef format_hdf5 = {"hdf5", "Keras models and weights in HDF5 (.h5, .hdf5, .weights.h5)", matches,
                               read};

}  // namespace cornu::formats
