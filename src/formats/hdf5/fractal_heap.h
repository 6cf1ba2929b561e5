// Dense storage: a fractal heap of small objects and the B-tree version 2 that indexes them.
// Source: docs/formats/hdf5.md, section "Dense storage"
#pragma once

#include <vector>

#include "formats/hdf5/image.h"

namespace cornu::formats::hdf5 {

// All records of a B-tree version 2 whose record type is `type`, in key order; they lie in the file.
// Throws bad_file for damage and for trees with more records than the file can hold.
std::vector<std::span<const std::byte>> read_records(const Image& image, uint64_t address, uint8_t type);

// Borrows the image.
class FractalHeap {
 public:
  FractalHeap(const Image& image, uint64_t address);  // throws bad_file; unsupported for a compressed heap

  // The object of a heap ID; `id` may be followed by other bytes. Lies in the file. Throws bad_file.
  std::span<const std::byte> object(std::span<const std::byte> id) const;

 private:
  std::span<const std::byte> managed(uint64_t offset, uint64_t size) const;
  std::span<const std::byte> huge(std::span<const std::byte> id) const;
  uint64_t row_bytes(unsigned row) const;  // size of each block in a row of the doubling table

  const Image& image_;
  int id_bytes_ = 0;
  int offset_bytes_ = 0;      // of an offset in a heap ID, and of a block's own offset
  int size_bytes_ = 0;        // of an object's size in a heap ID
  unsigned width_ = 0;        // blocks in a row
  uint64_t first_bytes_ = 0;  // size of the blocks in the first two rows; a power of two
  unsigned direct_rows_ = 0;  // rows of direct blocks; further rows hold indirect ones
  unsigned root_rows_ = 0;    // 0: the root is a direct block
  uint64_t root_ = kUndefined;
  std::vector<std::span<const std::byte>>
      huge_records_;  // address, length, ID of objects too large for a block
};

}  // namespace cornu::formats::hdf5
