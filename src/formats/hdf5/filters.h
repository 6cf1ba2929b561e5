// Filters: what was done to the bytes of a chunk before they were stored, and how to undo it.
// Source: docs/formats/hdf5.md, section "Filters"
#pragma once

#include <vector>

#include "formats/hdf5/object.h"

namespace cornu::formats::hdf5 {

enum class FilterKind : uint8_t { deflate, shuffle, fletcher32, lzf };

struct Filter {
  FilterKind kind;
  uint32_t element_bytes = 0;  // shuffle: the size of what it took apart
};

// The filters of a filter message, in the order in which they were applied. Throws bad_file, unsupported for
// others than the four and for more than one compressor.
std::vector<Filter> read_filters(const Object& object, std::span<const std::byte> message);

// The most bytes that one stored byte can become; 1 without a compressor.
uint64_t largest_expansion(const std::vector<Filter>& filters);

// The `chunk_bytes` bytes that `stored` stands for; a view of `stored` or of `scratch`.
//   skipped  bit i is set if filter i was not applied to this chunk
// Throws bad_file if they are not exactly that many, unsupported for lzf if the system has no liblzf.
// Checksums are dropped, not compared. chunk_bytes must be justified by the caller.
std::span<const std::byte> undo_filters(const Object& object, const std::vector<Filter>& filters,
                                        uint32_t skipped, std::span<const std::byte> stored,
                                        uint64_t chunk_bytes, std::vector<std::byte>& scratch);

}  // namespace cornu::formats::hdf5
