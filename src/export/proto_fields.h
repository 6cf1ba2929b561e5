// A protocol buffer message as its fields where they lie, for rewriting: what is kept is copied as it is stored.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "formats/proto.h"

namespace cornu::exporting {

struct ProtoField {
  uint32_t tag = 0;
  std::string_view raw;      // key and value as stored
  std::string_view content;  // of a string or message; empty for numbers
  int64_t number = 0;        // of a varint
};

// Views of `message`. Throws bad_file with `where`.
std::vector<ProtoField> proto_fields(std::string_view message, const std::string& where);

// The last string or message of a tag, empty if there is none; the last number, 0 if there is none.
std::string_view proto_text(const std::vector<ProtoField>& fields, uint32_t tag);
int64_t proto_number(const std::vector<ProtoField>& fields, uint32_t tag);
// All strings or messages of a tag, in order.
std::vector<std::string_view> proto_all(const std::vector<ProtoField>& fields, uint32_t tag);
// All numbers of a tag, packed or not.
std::vector<int64_t> proto_numbers(const std::vector<ProtoField>& fields, uint32_t tag);

}  // namespace cornu::exporting
