// Library: the HDF5 C library, for datasets that cannot be used in place. Loaded at its first use from a
// module of its own, so that programs that never meet such a dataset neither link nor load it. Source:
// docs/formats/hdf5.md, section "What goes through the library"
#pragma once

#include <memory>
#include <span>
#include <string>

#include "formats/hdf5/object.h"

namespace cornu::formats::hdf5 {

// The library's view of one file; calls of all threads and files take turns, as the library demands.
class Library {
 public:
  // Loads and opens nothing yet. `bytes` is the file from its superblock on and must outlive the object.
  Library(std::span<const std::byte> bytes, std::string where);
  ~Library();
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;

  // Bytes that the chunks of a dataset take in the file. Throws unsupported if the module is not installed,
  // bad_file.
  uint64_t stored_bytes(const Object& dataset);
  // Fills `out` with all elements, little-endian; its size must be that of the dataset. Throws as above.
  void read(const Object& dataset, std::span<std::byte> out);

 private:
  void* session();  // opens the file

  std::span<const std::byte> bytes_;
  std::string where_;
  void* session_ = nullptr;
};

}  // namespace cornu::formats::hdf5
