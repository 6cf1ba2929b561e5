// Attribute: a small named value attached to a group or dataset.
// Source: docs/formats/hdf5.md, sections "Attributes" and "Strings"
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "formats/hdf5/datatype.h"
#include "formats/hdf5/object.h"

namespace cornu::formats::hdf5 {

// Borrows the image. A value.
struct Attribute {
  const Image* image;
  std::string where;  // "model.h5:/model_weights@layer_names"
  Datatype type;
  Dataspace space;
  std::span<const std::byte> data;

  // The strings, fixed or variable, in row-major order; they lie in the file. Throws bad_file if they are not
  // all there or if the values are no strings, unsupported.
  std::vector<std::string_view> texts() const;
  std::string_view text() const;  // the only string; throws bad_file if there is not exactly one
  int64_t integer() const;        // the only integer; throws bad_file else
};

// The attribute of that name, stored in the header or in a heap; nothing if there is none.
// Throws bad_file for damage, unsupported for shared message heaps.
std::optional<Attribute> find_attribute(const Object& object, std::string_view name);

// The strings of an array attribute that Keras writes whole as `name`, or in parts `name0`, `name1`, ... when
// they are longer than an object header takes; nothing if there is neither.
std::optional<std::vector<std::string_view>> find_texts(const Object& object, const std::string& name);

// The strings in `data`, as a type with a string encoding stores them.
std::vector<std::string_view> read_strings(const Image& image, const Datatype& type, int64_t count,
                                           std::span<const std::byte> data, const std::string& where);

}  // namespace cornu::formats::hdf5
