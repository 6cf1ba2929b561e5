#include "formats/hdf5/datatype.h"

#include <limits>

#include "base/checked.h"

namespace cornu::formats::hdf5 {
namespace {

constexpr char kWhat[] = "a datatype";
constexpr int kMaxNesting =
    8;  // an enumeration of an integer, a sequence of characters: 2 is the most that occurs

// Datatype classes of the specification, section IV.A.2.d.
enum Class : uint8_t { kInteger = 0, kFloat = 1, kString = 3, kOpaque = 5, kEnumeration = 8, kVariable = 9 };

struct Floating {
  uint32_t bytes;
  uint8_t exponent_bits;
  uint8_t mantissa_bits;
  DType dtype;
};
constexpr Floating kFloats[] = {{2, 5, 10, DType::float16},
                                {2, 8, 7, DType::bfloat16},
                                {4, 8, 23, DType::float32},
                                {8, 11, 52, DType::float64}};

void set_plain(Datatype& type, DType dtype, bool big_endian) {
  type.dtype = dtype;
  type.encoding = big_endian && type.element_bytes > 1 ? Encoding::big_endian : Encoding::plain;
}

void read_integer(Cursor& cursor, uint32_t bits, Datatype& type) {
  const uint16_t offset = cursor.u16();
  const uint16_t precision = cursor.u16();
  type.description = "integers of an unusual width";
  if (offset != 0 || precision != type.element_bytes * 8) return;
  const bool is_signed = (bits & 0x08) != 0;
  const bool big_endian = (bits & 0x01) != 0;
  switch (type.element_bytes) {
    case 1:
      return set_plain(type, is_signed ? DType::int8 : DType::uint8, big_endian);
    case 2:
      return set_plain(type, is_signed ? DType::int16 : DType::uint16, big_endian);
    case 4:
      return set_plain(type, is_signed ? DType::int32 : DType::uint32, big_endian);
    case 8:
      return set_plain(type, is_signed ? DType::int64 : DType::uint64, big_endian);
    default:
      return;
  }
}

void read_float(Cursor& cursor, uint32_t bits, Datatype& type) {
  const uint16_t offset = cursor.u16();
  const uint16_t precision = cursor.u16();
  const uint8_t exponent_at = cursor.u8();
  const uint8_t exponent_bits = cursor.u8();
  const uint8_t mantissa_at = cursor.u8();
  const uint8_t mantissa_bits = cursor.u8();
  const uint32_t bias = cursor.u32();
  type.description = "floating-point numbers of an unusual layout";
  const bool implied_one = (bits & 0x30) == 0x20;
  const bool vax = (bits & 0x40) != 0;
  const uint32_t sign_at = (bits >> 8) & 0xff;
  for (const Floating& known : kFloats) {
    if (known.bytes == type.element_bytes && known.exponent_bits == exponent_bits &&
        known.mantissa_bits == mantissa_bits && offset == 0 && precision == known.bytes * 8 &&
        mantissa_at == 0 && exponent_at == mantissa_bits && sign_at == precision - 1U &&
        bias == (1U << (exponent_bits - 1)) - 1 && implied_one && !vax) {
      return set_plain(type, known.dtype, (bits & 0x01) != 0);
    }
  }
}

Datatype read_nested(const Image& image, Cursor& cursor, int nesting);

// An enumeration of the byte values 0 and 1 is what h5py writes for bool; any other one is read as its
// integers.
void read_enumeration(const Image& image, Cursor& cursor, uint32_t bits, int version, int nesting,
                      Datatype& type) {
  const uint32_t members = bits & 0xffff;
  const Datatype base = read_nested(image, cursor, nesting + 1);
  type.description = "an enumeration that is not of integers";
  if (!dtype_is_integer(base.dtype) || base.element_bytes != type.element_bytes) return;
  for (uint32_t i = 0; i < members; ++i) {
    const size_t name_bytes = terminated_text(image, cursor.rest(), "a member's name").size() + 1;
    cursor.skip(version < 3 ? (name_bytes + 7) / 8 * 8 : name_bytes);
  }
  const std::span<const std::byte> values = cursor.take(uint64_t{members} * type.element_bytes);
  const bool is_bool = type.element_bytes == 1 && members == 2 &&
                       static_cast<uint8_t>(values[0]) + static_cast<uint8_t>(values[1]) == 1;
  type.encoding = base.encoding;
  type.dtype = is_bool ? DType::boolean : base.dtype;
}

void read_variable(const Image& image, Cursor& cursor, uint32_t bits, int nesting, Datatype& type) {
  read_nested(image, cursor, nesting + 1);
  type.description = "sequences of variable length";
  if ((bits & 0x0f) != 1) return;
  // Length, address in a global heap and index, whatever the sizes in this file (specification,
  // "Variable-length").
  const auto reference_bytes = static_cast<uint32_t>(4 + image.offset_bytes + 4);
  if (type.element_bytes != reference_bytes)
    cursor.fail_value(type.element_bytes, "a string reference of size");
  type.encoding = Encoding::variable_string;
  type.dtype = DType::string;
}

Datatype read_nested(const Image& image, Cursor& cursor, int nesting) {
  if (nesting > kMaxNesting) cursor.fail_value(static_cast<uint64_t>(nesting), "types nested to depth");
  const size_t before = cursor.remaining();
  const uint8_t head = cursor.u8();
  const auto bits = static_cast<uint32_t>(cursor.sized(3));
  const int version = head >> 4;
  if (version < 1 || version > 4) cursor.fail_value(static_cast<uint64_t>(version), "version");
  Datatype type;
  type.element_bytes = cursor.u32();
  if (type.element_bytes == 0) cursor.fail_value(0, "an element size of");
  switch (head & 0x0f) {
    case kInteger:
      read_integer(cursor, bits, type);
      break;
    case kFloat:
      read_float(cursor, bits, type);
      break;
    case kString:
      type.encoding = Encoding::fixed_string;
      type.dtype = DType::string;
      type.space_padded = (bits & 0x0f) == 2;
      break;
    case kOpaque:
      cursor.skip(bits & 0xff);  // a tag, padded
      type.encoding = Encoding::raw;
      type.description = "opaque bytes";
      break;
    case kEnumeration:
      read_enumeration(image, cursor, bits, version, nesting, type);
      break;
    case kVariable:
      read_variable(image, cursor, bits, nesting, type);
      break;
    case 2:
      type.description = "times of day";
      break;
    case 4:
      type.description = "bit fields";
      break;
    case 6:
      type.description = "compound elements";
      break;
    case 7:
      type.description = "references to objects";
      break;
    case 10:
      type.description = "arrays as elements";
      break;
    default:
      cursor.fail_value(head & 0x0f, "class");
  }
  type.message_bytes = before - cursor.remaining();
  return type;
}

// `rank` sizes; a limit may be all ones, which means unlimited.
Shape read_sizes(Cursor& cursor, int rank, bool may_be_unlimited) {
  Shape shape;
  for (int axis = 0; axis < rank; ++axis) {
    const uint64_t size = cursor.length();
    const bool fits = size <= static_cast<uint64_t>(std::numeric_limits<int64_t>::max());
    if (!fits && !may_be_unlimited) cursor.fail_value(size, "an axis of size");
    shape.push_back(fits ? static_cast<int64_t>(size) : Shape::kUnknown);
  }
  return shape;
}

}  // namespace

Datatype read_datatype(const Image& image, std::span<const std::byte> message) {
  Cursor cursor(image, message, kWhat);
  return read_nested(image, cursor, 0);
}

Dataspace read_dataspace(const Image& image, std::span<const std::byte> message, const std::string& where) {
  Cursor cursor(image, message, "a dataspace");
  const uint8_t version = cursor.u8();
  const uint8_t rank = cursor.u8();
  const bool has_limits = (cursor.u8() & 0x01) != 0;
  if (version != 1 && version != 2) cursor.fail_value(version, "version");
  Dataspace space;
  if (version == 1) {
    cursor.skip(5);
  } else {
    const uint8_t kind = cursor.u8();
    if (kind > 2) cursor.fail_value(kind, "kind");
    space.null = kind == 2;
  }
  if (space.null) return space;
  if (rank > Shape::kMaxRank) {
    fail(ErrorCode::unsupported, where, "the array has {} axes; at most {} are supported", rank,
         Shape::kMaxRank);
  }
  space.shape = read_sizes(cursor, rank, false);
  space.limits = has_limits ? read_sizes(cursor, rank, true) : space.shape;
  space.elements = 1;
  for (int axis = 0; axis < rank; ++axis)
    space.elements = checked_mul(space.elements, space.shape[axis], where);
  return space;
}

}  // namespace cornu::formats::hdf5
