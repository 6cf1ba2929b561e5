// Writes a TensorFlow checkpoint: PREFIX.index, a table of names, and PREFIX.data-00000-of-00001, the bytes.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "formats/model_file.h"

namespace cornu::formats {

// Writes both files, which must not be there yet; arrays are read once, one after another, and lie at multiples of 64 bytes.
//   tensors  any types but complex ones; a string tensor may only be a scalar; names are unique
// Throws io, not_found (no such folder), unsupported. Source: docs/design/writing.md; tensorflow/core/util/
// tensor_bundle/tensor_bundle.cc and tensorflow/tsl/lib/io/table_format (LevelDB's)
void write_bundle(const std::filesystem::path& prefix, std::span<const NamedTensor> tensors);

}  // namespace cornu::formats
