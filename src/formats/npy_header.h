// The header of a NumPy .npy file: its version, length, and the Python dict literal that describes the array.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace cornu::formats {

struct NpyHeader {
  std::string type_code;       // as the file has it, for messages: "<f4"
  char byte_order = '|';       // '<', '>', '=' (that of this machine) or '|' (does not matter)
  char kind = 'f';             // NumPy's kind: f i u b c S U, or another that is not read
  int64_t item_number = 0;     // the number after the kind: bytes of an element, for U characters
  bool fortran_order = false;  // the first axis varies fastest
  std::vector<int64_t> shape;  // no size is negative; the product of all that are not 0 fits int64
  int64_t data_offset = 0;     // from the start of the file
};

// Whether the bytes start as every .npy file does.
bool is_npy(std::span<const std::byte> file);

// Parses the header at the start of `file`. Throws Error at `where`: bad_file when it is cut or is not the
// dict that NumPy writes, unsupported for versions above 3 and for structured types. Source:
// docs/formats/npy.md; numpy/lib/format.py, NEP 1
NpyHeader parse_npy_header(std::span<const std::byte> file, const std::string& where);

// The bytes of a version 1 header for little-endian data in C order, padded so that the data start at a
// multiple of 64.
//   descr   for example "<f4" or "|S3"
std::string make_npy_header(const std::string& descr, std::span<const int64_t> shape);

}  // namespace cornu::formats
