// Writing models: files that today's Keras and TensorFlow load.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "cornu/error.h"
#include "cornu/tensor.h"

namespace cornu {

enum class SaveFormat {
  keras,        // .keras, Keras 3's archive
  h5,           // a full model in HDF5
  weights,      // .weights.h5: the weights alone
  saved_model,  // a TensorFlow SavedModel folder with the signature serving_default
};

// Writes a model. The result appears under its name complete or not at all; every weight lies at a multiple of 64 bytes.
//   config   the Keras JSON config, of any Keras; its key "keras_version", if there is one, tells which
//   weights  in the order of ModelInfo::weights, in any number type; only read
// Throws  bad_config, bad_shape (a weight does not fit), unsupported (naming the layer and what Keras 3 lacks, or the ops that
//         TensorFlow lacks), not_found (no such folder), io
void save_model(const std::string& config, std::span<const Array> weights, const std::filesystem::path& path,
                SaveFormat format);

// A .keras archive into an open file, from its start; for memory files (memfd_create) that other processes map. The descriptor
// stays open. Throws as save_model.
void write_model(const std::string& config, std::span<const Array> weights, int descriptor);

}  // namespace cornu
