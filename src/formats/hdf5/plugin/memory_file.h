// A read-only HDF5 file that lies in memory.
#pragma once

#include <hdf5.h>

#include <cstddef>

namespace cornu::hdf5_plugin {

// Opens it through the library's core driver without copying the bytes, which must outlive the handle.
// Returns an invalid (negative) handle on failure.
hid_t open_memory_file(const void* bytes, size_t size_bytes);

}  // namespace cornu::hdf5_plugin
