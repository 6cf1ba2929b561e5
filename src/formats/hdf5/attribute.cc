#include "formats/hdf5/attribute.h"

#include "base/fail.h"
#include "formats/hdf5/fractal_heap.h"
#include "tensor/tensor.h"

namespace cornu::formats::hdf5 {
namespace {

constexpr char kWhat[] = "an attribute";
constexpr uint8_t kNameIndex =
    8;  // B-tree record: 8 bytes heap ID, 1 flags, 4 creation order, 4 hash of the name

// The sizes at the head of an attribute message; its parts follow.
struct Head {
  uint8_t version;
  uint8_t flags;
  uint16_t name_bytes;
  uint16_t type_bytes;
  uint16_t space_bytes;

  // Version 1 pads the three parts to multiples of 8.
  uint64_t padded(uint16_t bytes) const { return version == 1 ? (bytes + 7U) / 8 * 8 : bytes; }
};

Head read_head(Cursor& cursor) {
  Head head{};
  head.version = cursor.u8();
  if (head.version < 1 || head.version > 3) cursor.fail_value(head.version, "version");
  head.flags = cursor.u8();
  if (head.version == 1) head.flags = 0;  // reserved
  head.name_bytes = cursor.u16();
  head.type_bytes = cursor.u16();
  head.space_bytes = cursor.u16();
  if (head.version == 3) cursor.skip(1);  // character set of the name
  return head;
}

// The attribute if it is the one wanted.
std::optional<Attribute> match(const Object& object, std::span<const std::byte> message,
                               std::string_view name) {
  const Image& image = object.image();
  Cursor cursor(image, message, kWhat);
  const Head head = read_head(cursor);
  const std::string_view stored = as_text(cursor.take(head.padded(head.name_bytes)).first(head.name_bytes));
  if (stored.substr(0, stored.find('\0')) != name) return std::nullopt;
  const auto type = cursor.take(head.padded(head.type_bytes)).first(head.type_bytes);
  const auto space = cursor.take(head.padded(head.space_bytes)).first(head.space_bytes);
  std::string where = object.where();
  where.append("@").append(name);
  Attribute attribute{&image, std::move(where), {}, {}, cursor.rest()};
  attribute.type =
      read_datatype(image, resolve_shared(image, MessageType::datatype, (head.flags & 0x01) != 0, type));
  attribute.space = read_dataspace(
      image, resolve_shared(image, MessageType::dataspace, (head.flags & 0x02) != 0, space), attribute.where);
  return attribute;
}

std::optional<Attribute> find_dense(const Object& object, std::span<const std::byte> info,
                                    std::string_view name) {
  const Image& image = object.image();
  Cursor cursor(image, info, "an attribute info message");
  cursor.expect(cursor.u8(), 0, "version");
  if ((cursor.u8() & 0x01) != 0) cursor.skip(2);  // the next creation order
  const uint64_t heap_address = cursor.address();
  const uint64_t index = cursor.address();
  if (heap_address == kUndefined) return std::nullopt;  // the attributes are messages in the header
  const FractalHeap heap(image, heap_address);
  for (const std::span<const std::byte> record : read_records(image, index, kNameIndex)) {
    Cursor fields(image, record, "an attribute's record");
    fields.skip(8);
    const bool shared = (fields.u8() & 0x02) != 0;
    if (shared) fail(ErrorCode::unsupported, object.where(), "an attribute is kept in a shared message heap");
    if (auto attribute = match(object, heap.object(record), name)) return attribute;
  }
  return std::nullopt;
}

}  // namespace

std::vector<std::string_view> Attribute::texts() const {
  return read_strings(*image, type, space.elements, data, where);
}

std::string_view Attribute::text() const {
  if (space.elements != 1) {
    fail(ErrorCode::bad_file, where, "expected one text, found {} values", space.elements);
  }
  return texts()[0];
}

int64_t Attribute::integer() const {
  if (space.elements != 1 || type.encoding != Encoding::plain || !dtype_is_integer(type.dtype) ||
      data.size() < type.element_bytes) {
    fail(ErrorCode::bad_file, where, "expected one little-endian integer");
  }
  return to_ints({type.dtype, {}, data.data(), image->owner, false})[0];
}

std::optional<Attribute> find_attribute(const Object& object, std::string_view name) {
  for (const Message& message : object.messages()) {
    std::optional<Attribute> attribute;
    if (message.type == MessageType::attribute) {
      const auto data = resolve_shared(object.image(), message.type, message.shared, message.data);
      attribute = match(object, data, name);
    } else if (message.type == MessageType::attribute_info) {
      attribute = find_dense(object, message.data, name);
    }
    if (attribute) return attribute;
  }
  return std::nullopt;
}

std::optional<std::vector<std::string_view>> find_texts(const Object& object, const std::string& name) {
  if (const auto whole = find_attribute(object, name)) return whole->texts();
  std::optional<std::vector<std::string_view>> all;
  for (int part = 0;; ++part) {
    const auto attribute = find_attribute(object, name + std::to_string(part));
    if (!attribute) return all;
    const std::vector<std::string_view> texts = attribute->texts();
    if (!all) all.emplace();
    all->insert(all->end(), texts.begin(), texts.end());
  }
}

}  // namespace cornu::formats::hdf5
