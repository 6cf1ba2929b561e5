// The arrays that `predict` reads and writes: NumPy's .npy and .npz files.
#pragma once

#include <filesystem>
#include <span>
#include <vector>

#include "formats/model_file.h"

namespace cornu::formats {

// A .npy file gives one array named "input_0"; a .npz gives its arrays in the archive's order, without the
// ending ".npy". Told apart by content. Arrays that are not compressed, little-endian and in C order are
// views of the mapped file. Throws not_found, io, bad_file, unsupported; where = "path" or "path:/entry".
// Types: see formats/npy.h.
std::vector<NamedTensor> read_arrays(const std::filesystem::path& path);

// Writes a .npz of stored .npy entries, in order. The file appears under its name complete or not at all.
// Throws not_found (no such folder), io, bad_argument (a name is empty, or there twice).
void write_npz(const std::filesystem::path& path, std::span<const NamedTensor> arrays);

}  // namespace cornu::formats
