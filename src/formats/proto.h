// Protocol buffer wire format, through protozero with std::string_view as its view.
#pragma once

#include <string_view>

#define PROTOZERO_USE_VIEW std::string_view
#include <protozero/pbf_reader.hpp>

#include "base/fail.h"

namespace cornu {

// Calls fn(message) and turns protozero's exceptions into bad_file.
template <class Fn>
auto read_proto(std::string_view bytes, const std::string& where, Fn&& fn) {
  try {
    return fn(protozero::pbf_reader(bytes));
  } catch (const protozero::exception& error) {
    fail(ErrorCode::bad_file, where, "the {} bytes are no valid protocol buffer: {}", bytes.size(),
         error.what());
  }
}

// Key and value of an entry of a map field, as views.
inline std::pair<std::string_view, std::string_view> map_entry(std::string_view bytes) {
  std::pair<std::string_view, std::string_view> entry;
  protozero::pbf_reader reader(bytes);
  while (reader.next()) {
    if (reader.tag() == 1 && reader.wire_type() == protozero::pbf_wire_type::length_delimited) {
      entry.first = reader.get_view();
    } else if (reader.tag() == 2 && reader.wire_type() == protozero::pbf_wire_type::length_delimited) {
      entry.second = reader.get_view();
    } else {
      reader.skip();
    }
  }
  return entry;
}

// The current field as a number, view, ... of a message; throws protozero::exception when its wire type is another.
inline int64_t varint_of(protozero::pbf_reader& reader) {
  if (reader.wire_type() != protozero::pbf_wire_type::varint)
    throw protozero::unknown_pbf_wire_type_exception{};
  return reader.get_int64();
}
inline std::string_view view_of(protozero::pbf_reader& reader) {
  if (reader.wire_type() != protozero::pbf_wire_type::length_delimited)
    throw protozero::unknown_pbf_wire_type_exception{};
  return reader.get_view();
}

}  // namespace cornu
