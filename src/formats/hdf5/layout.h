// Layout: where and how a dataset's elements are stored.
// Source: docs/formats/hdf5.md, section "Layouts"
#pragma once

#include <vector>

#include "formats/hdf5/object.h"

namespace cornu::formats::hdf5 {

enum class LayoutKind : uint8_t {
  none,     // nothing was ever written: every element is the fill value
  bytes,    // contiguous or compact: `data` begins with the elements
  chunked,  // pieces, perhaps filtered: the HDF5 library puts them together
};

struct Layout {
  LayoutKind kind = LayoutKind::none;
  std::span<const std::byte> data;  // of kind bytes: what is stored
  uint64_t chunk_bytes = 0;         // of one chunk, unfiltered; 0 if the message does not tell
  std::vector<uint16_t> filters;    // identifiers, in the order in which they were applied
  std::span<const std::byte> fill;  // the fill value; empty if none, which means zero
};

// Reads the layout, filter, external file and fill value messages of a dataset of `data_bytes` bytes.
// Throws bad_file for damage and for data that is not all there; unsupported for virtual datasets, external
// storage, newer versions and filters other than deflate, shuffle, fletcher32 and lzf.
Layout read_layout(const Object& object, uint64_t data_bytes);

// The most bytes that one stored byte can become: 1 without compression.
uint64_t largest_expansion(const Layout& layout);

}  // namespace cornu::formats::hdf5
