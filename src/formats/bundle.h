// A TensorFlow checkpoint (tensor bundle): PREFIX.index, a table of names, and shards PREFIX.data-00000-of-00001 of bytes.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "formats/model_file.h"

namespace cornu::formats {

// The type of a DataType number of TensorFlow: reference types give the type they refer to, quantised ones the integer that
// stores them; nothing for handles and for numbers that mean no type.
std::optional<DType> dtype_of_tensorflow(int number);

struct Bundle {
  std::vector<NamedTensor> tensors;  // by name; numbers are views of the mapped shards
  int64_t file_bytes = 0;            // index and shards
};

// Tensors that are stored in slices are joined, which copies them. The checksums of the index are checked; those of tensors
// only where their bytes are read anyway (strings), so that no page of a weight is touched.
// Throws not_found (no index, a missing shard), bad_file (an entry beyond its shard, a size that does not fit the shape),
// unsupported (big-endian, object types).
Bundle read_bundle(const std::filesystem::path& prefix);

}  // namespace cornu::formats
