#include "export/proto_fields.h"

namespace cornu::exporting {
namespace {

ProtoField next_field(protozero::pbf_reader& reader, const char* begin) {
  ProtoField field{reader.tag(), {}, {}, 0};
  if (reader.wire_type() == protozero::pbf_wire_type::length_delimited) {
    field.content = reader.get_view();
  } else if (reader.wire_type() == protozero::pbf_wire_type::varint) {
    field.number = reader.get_int64();
  } else {
    reader.skip();
  }
  field.raw = {begin, static_cast<size_t>(reader.data().data() - begin)};
  return field;
}

}  // namespace

std::vector<ProtoField> proto_fields(std::string_view message, const std::string& where) {
  return read_proto(message, where, [](protozero::pbf_reader reader) {
    std::vector<ProtoField> fields;
    for (const char* begin = reader.data().data(); reader.next(); begin = reader.data().data())
      fields.push_back(next_field(reader, begin));
    return fields;
  });
}

std::string_view proto_text(const std::vector<ProtoField>& fields, uint32_t tag) {
  std::string_view found;
  for (const ProtoField& field : fields) {
    if (field.tag == tag) found = field.content;
  }
  return found;
}

int64_t proto_number(const std::vector<ProtoField>& fields, uint32_t tag) {
  int64_t found = 0;
  for (const ProtoField& field : fields) {
    if (field.tag == tag) found = field.number;
  }
  return found;
}

std::vector<std::string_view> proto_all(const std::vector<ProtoField>& fields, uint32_t tag) {
  std::vector<std::string_view> found;
  for (const ProtoField& field : fields) {
    if (field.tag == tag) found.push_back(field.content);
  }
  return found;
}

std::vector<int64_t> proto_numbers(const std::vector<ProtoField>& fields, uint32_t tag) {
  std::vector<int64_t> found;
  for (const ProtoField& field : fields) {
    if (field.tag != tag) continue;
    if (field.content.empty()) {
      found.push_back(field.number);
      continue;
    }
    const char* at = field.content.data();
    const char* end = at + field.content.size();
    while (at != end) found.push_back(static_cast<int64_t>(protozero::decode_varint(&at, end)));
  }
  return found;
}

}  // namespace cornu::exporting
