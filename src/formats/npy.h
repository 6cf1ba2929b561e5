// One NumPy array: .npy bytes to a Tensor and back.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>

#include "formats/zip_archive.h"
#include "tensor/tensor.h"

namespace cornu::formats {

// Reads float16/32/64, int8..64, uint8..64, bool, complex64/128, bytes strings (S) and Unicode strings (U, as
// UTF-8; trailing NULs of both are no part of them). Little-endian C-ordered numbers are used where they lie;
// big-endian ones are converted, Fortran order is transposed. The tensor keeps `file.owner` alive. Throws
// Error at `where`: bad_file (cut, or not a .npy), unsupported (objects, dates, structures, long double, rank
// > 10).
Tensor read_npy(const FileBytes& file, const std::string& where);

// Gives the pieces of a .npy file with the tensor in it to `write`, in order. bfloat16 becomes float32;
// strings become S of the longest length.
void write_npy(const Tensor& tensor, const std::function<void(std::span<const std::byte>)>& write);

// The bytes that write_npy gives.
int64_t npy_size_bytes(const Tensor& tensor);

}  // namespace cornu::formats
