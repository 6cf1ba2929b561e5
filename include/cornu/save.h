// Writing models: files that today's Keras and TensorFlow load.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "cornu/error.h"
#include "cornu/tensor.h"

namespace cornu {

enum class SaveFormat {
  keras,        // .keras, Keras 3's archive
  h5,           // a full model in HDF5
  weights,      // .weights.h5: the weights alone
  saved_model,  // a TensorFlow SavedModel folder with the signature serving_default
};

// What a model was compiled with and the state of its optimizer, kept so that training goes on.
struct TrainingState {
  std::string compiled;  // JSON text: Keras's compile_config for .keras, training_config for .h5; empty: none
  std::vector<NamedArray> optimizer;  // in the order of Keras's `optimizer.variables`, by their paths
};

// Of a .keras or .h5 file; `compiled` only of .h5 files, whose config does not hold it. Throws not_found, io, bad_file.
TrainingState load_training_state(const std::filesystem::path& path);

// Writes a model. The result appears under its name complete or not at all; every weight lies at a multiple of 64 bytes.
//   config   the Keras JSON config, of any Keras; its key "keras_version", if there is one, tells which
//   weights  in the order of ModelInfo::weights, in any number type; only read
//   state    written into .keras and .h5 files
// Throws  bad_config, bad_shape (a weight does not fit), unsupported (naming the layer and what Keras 3 lacks, or the ops that
//         TensorFlow lacks), not_found (no such folder), io
void save_model(const std::string& config, std::span<const Array> weights, const std::filesystem::path& path,
                SaveFormat format, const TrainingState& state = {});

// A .keras archive into an open file, from its start; for memory files (memfd_create) that other processes map. The descriptor
// stays open. Throws as save_model.
void write_model(const std::string& config, std::span<const Array> weights, int descriptor);

}  // namespace cornu
