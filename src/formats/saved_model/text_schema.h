// The messages of a SavedModel that loading reads: field names of the text format and their numbers in the wire format.
// Source  tensorflow/core/{framework,protobuf}/*.proto, 2.21. Maps are repeated entries of a key and a value.
#pragma once

#include <cstdint>
#include <string_view>

namespace cornu::formats {

enum class TextKind { integer, real32, real64, flag, text, dtype, message };

struct TextField {
  std::string_view message, name;
  uint32_t number;
  TextKind kind;
  std::string_view type = {};  // of a message field
};

// Null for a field that loading does not read.
const TextField* find_text_field(std::string_view message, std::string_view name);
// The number of a DataType's name, "DT_FLOAT", "DT_FLOAT_REF"; -1 if there is none.
int find_text_dtype(std::string_view name);

}  // namespace cornu::formats
