// The state of an optimizer, as Keras files have it beside the weights. Read when training asks for it, not by loading.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "formats/model_file.h"

namespace cornu::formats {

struct OptimizerState {
  std::string training_config;         // Keras JSON, of .h5 files; empty if none
  std::vector<NamedTensor> variables;  // in the order of Keras's `optimizer.variables`; views of the file
};

// Of a .keras file or an HDF5 file; nothing for others and for files without one. Throws not_found, io, bad_file.
// Source: keras/src/saving/saving_lib.py and keras/src/legacy/saving/legacy_h5_format.py, 3.15
OptimizerState read_optimizer_state(const std::filesystem::path& path);

}  // namespace cornu::formats
