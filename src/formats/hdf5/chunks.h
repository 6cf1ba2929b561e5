// Chunks: datasets stored in blocks, each filtered by itself.
// Source: docs/formats/hdf5.md, section "Chunks"
#pragma once

#include <array>
#include <vector>

#include "formats/hdf5/datatype.h"
#include "formats/hdf5/layout.h"

namespace cornu::formats::hdf5 {

struct Chunk {
  std::array<uint64_t, Shape::kMaxRank> start{};  // the place of its first element
  std::span<const std::byte> stored;              // its bytes in the file, filtered
  uint32_t skipped = 0;                           // bit i: filter i was not applied
};

// Unfiltered bytes of one chunk. Throws bad_file if the chunk's shape does not fit the dataset's or
// overflows.
uint64_t chunk_size_bytes(const Object& object, const Layout& layout, const Dataspace& space,
                          uint32_t element_bytes);

// All chunks that are stored, in any order; those that were never written are missing.
//   chunk_bytes  of chunk_size_bytes()
// Throws bad_file for damage, for more chunks than the shape has room for, and if together they take more
// bytes than the file has; unsupported for the one kind of index that is not read (extensible arrays).
std::vector<Chunk> find_chunks(const Object& object, const Layout& layout, const Dataspace& space,
                               uint64_t chunk_bytes);

// Unpacks the chunks into `out`, which has the dataset's size and keeps its bytes where there is no chunk.
// Throws bad_file if a chunk does not unpack to chunk_bytes, unsupported.
void unpack_chunks(const Object& object, const Layout& layout, const Dataspace& space,
                   const std::vector<Chunk>& chunks, std::span<std::byte> out, uint64_t chunk_bytes);

}  // namespace cornu::formats::hdf5
