// Datatype and dataspace messages: what one element is, and how many there are.
// Source: docs/formats/hdf5.md, sections "Datatypes" and "Dataspaces"
#pragma once

#include "base/shape.h"
#include "cornu/dtype.h"
#include "formats/hdf5/object.h"

namespace cornu::formats::hdf5 {

enum class Encoding : uint8_t {
  plain,            // numbers and bool, usable as they lie
  big_endian,       // numbers in the other byte order
  raw,              // opaque bytes: what they mean stands elsewhere (Keras 3 keeps bfloat16 so)
  fixed_string,     // element_bytes each, padded
  variable_string,  // a reference into a global heap each
  unsupported,      // anything else; `description` says what
};

struct Datatype {
  Encoding encoding = Encoding::unsupported;
  DType dtype = DType::float32;  // string for both kinds of strings; of no meaning for raw
  uint32_t element_bytes = 0;    // as stored; at least 1
  bool space_padded = false;     // fixed strings: trailing spaces do not count (else trailing NULs)
  const char* description = "";
  size_t message_bytes = 0;  // length of the message itself, without padding
};

// Throws bad_file for damage. Types that have no use in a model come back as Encoding::unsupported.
Datatype read_datatype(const Image& image, std::span<const std::byte> message);

struct Dataspace {
  bool null = false;  // no elements at all, not even a scalar
  Shape shape;
  Shape limits;          // how far the axes may grow; kUnknown: without limit
  int64_t elements = 0;  // checked: fits int64_t
};

// Throws bad_file for damage and sizes that overflow, unsupported above Shape::kMaxRank axes; `where` names
// the object.
Dataspace read_dataspace(const Image& image, std::span<const std::byte> message, const std::string& where);

}  // namespace cornu::formats::hdf5
