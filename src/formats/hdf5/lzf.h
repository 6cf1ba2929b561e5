// The lzf compression, which h5py offers. The system's liblzf is loaded when the first such chunk is met,
// because hardly any file has one.
#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace cornu::formats::hdf5 {

// Fills `out` with what `stored` unpacks to. Throws bad_file if that is not exactly out.size() bytes,
// unsupported if the system has no liblzf; `where` names the dataset. Thread-safe.
void lzf_unpack(std::span<const std::byte> stored, std::span<std::byte> out, const std::string& where);

}  // namespace cornu::formats::hdf5
