#include "formats/hdf5/encode.h"

#include <algorithm>
#include <string>

#include "base/fail.h"

namespace cornu::formats::hdf5 {
namespace {

constexpr uint64_t kUndefined = ~uint64_t{0};
constexpr size_t kHeapUnit =
    4096;  // a collection has at least so many bytes (H5HG_MINSIZE of the HDF5 library)
constexpr size_t kHeapHeader = 16;       // of a collection, and of each object in it
constexpr size_t kMessageLimit = 65535;  // 16 bits

// Little-endian numbers, one after another.
class Writer {
 public:
  Writer& u8(uint64_t value) { return sized(value, 1); }
  Writer& u16(uint64_t value) { return sized(value, 2); }
  Writer& u32(uint64_t value) { return sized(value, 4); }
  Writer& u64(uint64_t value) { return sized(value, 8); }
  Writer& sized(uint64_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) bytes_.push_back(static_cast<std::byte>(value >> (8 * i)));
    return *this;
  }
  Writer& text(std::string_view text) {
    for (const char c : text) bytes_.push_back(static_cast<std::byte>(c));
    return *this;
  }
  Writer& append(const Bytes& bytes) {
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
    return *this;
  }
  // Zeros up to a multiple of 8 from the start.
  Writer& pad() {
    bytes_.resize((bytes_.size() + 7) / 8 * 8);
    return *this;
  }
  Bytes take() { return std::move(bytes_); }

 private:
  Bytes bytes_;
};

// IV.A.2.d: class and version 1, 24 bits of properties, element size; then what the class adds.
Writer type_head(int type_class, uint64_t bits, uint64_t element_bytes) {
  Writer out;
  out.u8(static_cast<uint64_t>(0x10 | type_class)).sized(bits, 3).u32(element_bytes);
  return out;
}

Bytes integer_type(int64_t size, bool is_signed) {
  const auto bytes = static_cast<uint64_t>(size);
  return type_head(0, is_signed ? 0x08 : 0, bytes).u16(0).u16(bytes * 8).take();
}

// Bit 5 of the properties: the leading one of the mantissa is implied; bits 8 to 15: where the sign is.
Bytes float_type(int64_t size, uint64_t exponent_bits, uint64_t mantissa_bits) {
  const auto bytes = static_cast<uint64_t>(size);
  Writer out = type_head(1, 0x20 | (bytes * 8 - 1) << 8, bytes);
  out.u16(0).u16(bytes * 8).u8(mantissa_bits).u8(exponent_bits).u8(0).u8(mantissa_bits);
  return out.u32((uint64_t{1} << (exponent_bits - 1)) - 1).take();
}

// What h5py writes for bool: an enumeration of int8 with two members.
Bytes boolean_type() {
  Writer out = type_head(8, 2, 1);
  out.append(integer_type(1, true));
  out.text("FALSE").u8(0).u16(0).text("TRUE").u8(0).u16(0).u8(0);
  return out.u8(0).u8(1).take();
}

// Two opaque bytes without a tag, as h5py stores types that it does not know.
Bytes opaque_type(int64_t size) {
  return type_head(5, 0, static_cast<uint64_t>(size)).take();
}

Bytes type_of(DType dtype) {
  const int64_t size = dtype_size(dtype);
  switch (dtype) {
    case DType::float16:
      return float_type(size, 5, 10);
    case DType::float32:
      return float_type(size, 8, 23);
    case DType::float64:
      return float_type(size, 11, 52);
    case DType::bfloat16:
      return opaque_type(size);
    case DType::boolean:
      return boolean_type();
    case DType::uint8:
    case DType::uint16:
    case DType::uint32:
    case DType::uint64:
      return integer_type(size, false);
    default:
      return integer_type(size, true);
  }
}

// IV.A.2.b, version 1. No sizes at all is a scalar.
Bytes dataspace(std::span<const int64_t> sizes) {
  Writer out;
  out.u8(1).u8(sizes.size()).u8(0).u8(0).u32(0);
  for (const int64_t size : sizes) out.u64(static_cast<uint64_t>(size));
  return out.take();
}

}  // namespace

// II.A, version 0: 8 bytes for addresses and lengths; the sizes of B-tree nodes are the library's defaults, none is used.
Bytes superblock(uint64_t root_header, uint64_t end) {
  Writer out;
  out.text("\x89HDF\r\n\x1a\n").u32(0).u8(0).u8(8).u8(8).u8(0).u16(4).u16(16).u32(0);
  out.u64(0).u64(kUndefined).u64(end).u64(kUndefined);
  out.u64(0).u64(root_header).u32(0).u32(0).u64(0).u64(0);  // the root's symbol table entry (III.C)
  return out.take();
}

bool is_storable(DType dtype) {
  return dtype != DType::string && dtype != DType::complex64 && dtype != DType::complex128;
}

// III.E: index, references, size, bytes padded to 8.
uint32_t TextHeap::add(std::string_view text) {
  ++count_;
  if (count_ > kMessageLimit)
    fail(ErrorCode::unsupported, "write_hdf5", "more than {} text attributes", kMessageLimit);
  Writer out;
  out.u16(count_).u16(1).u32(0).u64(text.size()).text(text).pad();
  const Bytes object = out.take();
  objects_.insert(objects_.end(), object.begin(), object.end());
  return count_;
}

Bytes TextHeap::finish() {
  if (count_ == 0) return {};
  const size_t used = kHeapHeader + objects_.size();
  const size_t total = (used + kHeapHeader + kHeapUnit - 1) / kHeapUnit * kHeapUnit;
  Writer out;
  out.text("GCOL").u32(1).u64(total).append(objects_);
  out.u16(0).u16(0).u32(0).u64(total - used);  // object 0 is the free space, its header included
  Bytes bytes = out.take();
  bytes.resize(total);
  return bytes;
}

// IV.A.1.a: type, size, flags, 3 reserved, data padded to 8.
void Header::message(uint16_t type, const Bytes& data) {
  Writer out;
  const size_t padded = (data.size() + 7) / 8 * 8;
  if (padded > kMessageLimit) {
    fail(ErrorCode::unsupported, "write_hdf5",
         "an attribute or name of {} bytes does not fit an HDF5 message of {}", padded, kMessageLimit);
  }
  out.u16(type).u16(padded).u8(0).sized(0, 3).append(data).pad();
  const Bytes bytes = out.take();
  messages_.insert(messages_.end(), bytes.begin(), bytes.end());
  ++count_;
}

// A group whose links are messages: link info (IV.A.2.c) without indexes, group info (IV.A.2.k) without wishes.
void Header::begin_group() {
  Writer info;
  info.u8(0).u8(0).u64(kUndefined).u64(kUndefined);
  message(0x02, info.take());
  message(0x0a, Bytes(2));
}

// IV.A.2.g, version 1: flags 0x10 (a character set, here UTF-8) and the width of the name's length.
void Header::add_link(std::string_view name, uint64_t header) {
  const bool wide = name.size() > 255;
  Writer out;
  out.u8(1).u8(wide ? 0x11 : 0x10).u8(1).sized(name.size(), wide ? 2 : 1).text(name).u64(header);
  message(0x06, out.take());
}

void Header::add_dataset(const Tensor& tensor, uint64_t data) {
  const std::vector<int64_t> sizes(tensor.shape.begin(), tensor.shape.end());
  const auto bytes = static_cast<uint64_t>(tensor.size_bytes());
  message(0x01, dataspace(sizes));
  message(0x03, type_of(tensor.dtype));
  // IV.A.2.f, version 2: space taken late, value written if set, defined, of no bytes: zeros. What h5py writes.
  Writer fill;
  fill.u8(2).u8(2).u8(2).u8(1).u32(0);
  message(0x05, fill.take());
  // IV.A.2.i, version 3, class 1: contiguous.
  Writer layout;
  layout.u8(3).u8(1).u64(bytes == 0 ? kUndefined : data).u64(bytes);
  message(0x08, layout.take());
}

// IV.A.2.m, version 1: every part is padded to 8.
void Header::attribute(const std::string& name, const Bytes& datatype, const Bytes& space,
                       const Bytes& value) {
  Writer out;
  out.u8(1).u8(0).u16(name.size() + 1).u16(datatype.size()).u16(space.size());
  out.text(name).u8(0).pad().append(datatype).pad().append(space).pad().append(value);
  message(0x0c, out.take());
}

// A variable-length string over single bytes: length, then address of the collection and index in it.
void Header::add_text(const std::string& name, size_t length, uint32_t index, uint64_t heap) {
  Writer type = type_head(9, 0x01, 16);
  type.append(integer_type(1, false));
  Writer value;
  value.u32(length).u64(heap).u32(index);
  attribute(name, type.take(), dataspace({}), value.take());
}

// Class 3, padded with NUL. An empty list is what NumPy makes of one: float64 without elements.
void Header::add_texts(const std::string& name, const std::vector<std::string>& texts) {
  const auto count = static_cast<int64_t>(texts.size());
  if (texts.empty()) return attribute(name, type_of(DType::float64), dataspace(std::span(&count, 1)), {});
  size_t longest = 1;
  for (const std::string& text : texts) longest = std::max(longest, text.size());
  Bytes value;
  value.reserve(longest * texts.size());
  for (const std::string& text : texts) {
    for (const char c : text) value.push_back(static_cast<std::byte>(c));
    value.resize(value.size() + longest - text.size());
  }
  attribute(name, type_head(3, 0x01, longest).take(), dataspace(std::span(&count, 1)), value);
}

// IV.A.1.a, version 1. All messages lie in the first block, so none continues elsewhere.
Bytes Header::finish() const {
  Writer out;
  out.u8(1).u8(0).u16(count_).u32(1).u32(messages_.size()).u32(0).append(messages_);
  return out.take();
}

}  // namespace cornu::formats::hdf5
