// Writes what model_file.h describes: Keras's .h5, .weights.h5 and .keras. Arrays are read once, one after another, so a
// model of any size is written without memory of its own. Every array lies at a multiple of 64 bytes in the result.
#pragma once

#include <cstdio>

#include "formats/hdf5/writer.h"
#include "formats/model_file.h"

namespace cornu::formats {

// HDF5: with `config` a full model (model_config, model_weights, optimizer_weights), else weights only: the legacy layout
// if `layers` holds the weights, Keras 3's if `variables` does.
// Throws unsupported (an array of strings, a name that HDF5 cannot hold), bad_argument (a name twice), what the sink throws.
void write_hdf5(const ModelFile& model, const ByteSink& sink);

// The .keras archive: metadata.json, config.json, model.weights.h5 with `variables` and `optimizer`, all stored.
//   stream  a seekable file, positioned at its start; stays open, not flushed
//   name    for messages
// Throws as write_hdf5, and io.
void write_keras_zip(const ModelFile& model, std::FILE* stream, const std::string& name);

// As a file that appears under its name complete or not at all. Throws as above, not_found (no such folder), io.
void write_hdf5_file(const ModelFile& model, const std::filesystem::path& path);
void write_keras_file(const ModelFile& model, const std::filesystem::path& path);

}  // namespace cornu::formats
