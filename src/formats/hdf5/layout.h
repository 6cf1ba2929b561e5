// Layout: where and how a dataset's elements are stored.
// Source: docs/formats/hdf5.md, section "Layouts"
#pragma once

#include <vector>

#include "formats/hdf5/filters.h"
#include "formats/hdf5/object.h"

namespace cornu::formats::hdf5 {

enum class LayoutKind : uint8_t {
  none,     // nothing was ever written: every element is the fill value
  bytes,    // contiguous or compact: `data` begins with the elements
  chunked,  // blocks of one shape, each filtered by itself, found through an index
};

enum class ChunkIndex : uint8_t { btree1, single, implicit, fixed_array, extensible_array, btree2 };

struct Layout {
  LayoutKind kind = LayoutKind::none;
  std::span<const std::byte> data;  // of kind bytes: what is stored
  std::span<const std::byte> fill;  // the fill value; empty if none, which means zero

  // Of kind chunked:
  ChunkIndex index = ChunkIndex::btree1;
  uint64_t index_address = 0;
  std::vector<uint64_t> chunk_shape;  // the last one is the size of an element in bytes
  uint64_t single_bytes = 0;          // stored bytes of a filtered single chunk
  uint32_t single_skipped = 0;        // its filters that were not applied
  std::vector<Filter> filters;
};

// Reads the layout, filter, external file and fill value messages of a dataset of `data_bytes` bytes.
// Throws bad_file for damage and for data that is not all there; unsupported for virtual datasets, external
// storage, newer versions and other filters.
Layout read_layout(const Object& object, uint64_t data_bytes);

}  // namespace cornu::formats::hdf5
