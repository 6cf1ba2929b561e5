// The C interface of the module that wraps the HDF5 library. All functions: one thread at a time. `reason`
// receives one line of text, cut to `reason_bytes` with its NUL, when a call fails.
#pragma once

#include <cstddef>
#include <cstdint>

#define CORNU_HDF5_EXPORT __attribute__((visibility("default")))

extern "C" {

// Opens the HDF5 file that lies in memory, without a copy; `bytes` must outlive the session. Null on failure.
CORNU_HDF5_EXPORT void* cornu_hdf5_open(const void* bytes, size_t size_bytes, char* reason,
                                        size_t reason_bytes);
CORNU_HDF5_EXPORT void cornu_hdf5_close(void* session);
// Bytes that the dataset whose object header is at `address` takes in the file. 0 on success.
CORNU_HDF5_EXPORT int cornu_hdf5_stored_bytes(void* session, uint64_t address, uint64_t* stored, char* reason,
                                              size_t reason_bytes);
// Fills `out` with all elements of the dataset in little-endian order; fails unless they take `out_bytes`
// bytes.
CORNU_HDF5_EXPORT int cornu_hdf5_read(void* session, uint64_t address, void* out, size_t out_bytes,
                                      char* reason, size_t reason_bytes);
}
