#include "formats/hdf5/layout.h"

#include <algorithm>
#include <string>

#include "base/fail.h"

namespace cornu::formats::hdf5 {
namespace {

// Registered filter numbers: specification, "Filter pipeline message"; 32000 is h5py's lzf.
constexpr uint16_t kDeflate = 1;
constexpr uint16_t kShuffle = 2;
constexpr uint16_t kFletcher32 = 3;
constexpr uint16_t kLzf = 32000;
// A deflate stream codes at most 258 bytes with two codes of one bit each: 1032 to 1 (zlib's documentation
// agrees).
constexpr uint64_t kDeflateExpansion = 1032;
constexpr uint64_t kLzfExpansion = 88;  // an lzf back reference takes 3 bytes and stands for at most 264

enum Class : uint8_t { kCompact = 0, kContiguous = 1, kChunked = 2, kVirtual = 3 };

// A product of sizes that only has to be compared with real sizes: stays at the largest value when it
// overflows.
uint64_t saturating_mul(uint64_t a, uint64_t b) {
  uint64_t product;
  return __builtin_mul_overflow(a, b, &product) ? kUndefined : product;
}

void set_contiguous(const Image& image, uint64_t address, uint64_t data_bytes, Layout& layout) {
  if (address == kUndefined) return;
  layout.kind = LayoutKind::bytes;
  layout.data = image.slice(address, data_bytes, "a dataset");
}

void set_chunked(uint64_t index, uint64_t chunk_bytes, Layout& layout) {
  if (index == kUndefined) return;
  layout.kind = LayoutKind::chunked;
  layout.chunk_bytes = chunk_bytes;
}

[[noreturn]] void fail_class(const Object& object, Cursor& cursor, uint8_t layout_class) {
  if (layout_class == kVirtual) {
    fail(ErrorCode::unsupported, object.where(),
         "is a virtual dataset, whose data lies in other files; store it whole");
  }
  cursor.fail_value(layout_class, "class");
}

// Versions 1 and 2: one form for all classes.
void read_old_layout(const Object& object, Cursor& cursor, uint64_t data_bytes, Layout& layout) {
  const uint8_t rank = cursor.u8();
  const uint8_t layout_class = cursor.u8();
  cursor.skip(5);
  const uint64_t address = layout_class == kCompact ? kUndefined : cursor.address();
  uint64_t size = 1;  // of a chunk, when there are chunks; the last one is the element's size
  for (uint8_t i = 0; i < rank; ++i) size = saturating_mul(size, cursor.u32());
  switch (layout_class) {
    case kCompact:
      layout.kind = LayoutKind::bytes;
      layout.data = cursor.take(cursor.u32());
      return;
    case kContiguous:
      return set_contiguous(object.image(), address, data_bytes, layout);
    case kChunked:
      return set_chunked(address, saturating_mul(size, cursor.u32()), layout);
    default:
      fail_class(object, cursor, layout_class);
  }
}

// The chunk's size in version 4; the index of chunks that follows is the library's business.
void read_new_chunked(Cursor& cursor, Layout& layout) {
  cursor.skip(1);  // flags
  const uint8_t rank = cursor.u8();
  const uint8_t size_bytes = cursor.u8();
  if (size_bytes > 8) cursor.fail_value(size_bytes, "sizes of bytes:");
  uint64_t chunk_bytes = 1;
  for (uint8_t i = 0; i < rank; ++i) chunk_bytes = saturating_mul(chunk_bytes, cursor.sized(size_bytes));
  const uint8_t index_kind = cursor.u8();
  // Parameters of each kind of index (specification, "Data layout message", version 4).
  switch (index_kind) {
    case 1:
      cursor.skip(cursor.remaining() >= 20 ? 12 : 0);
      break;  // single chunk: filtered ones tell size and mask
    case 2:
      break;  // implicit
    case 3:
      cursor.skip(1);
      break;  // fixed array
    case 4:
      cursor.skip(5);
      break;  // extensible array
    case 5:
      cursor.skip(6);
      break;  // B-tree version 2
    default:
      cursor.fail_value(index_kind, "a chunk index of kind");
  }
  set_chunked(cursor.address(), chunk_bytes, layout);
}

// Versions 3 and 4.
void read_new_layout(const Object& object, Cursor& cursor, int version, uint64_t data_bytes, Layout& layout) {
  const uint8_t layout_class = cursor.u8();
  switch (layout_class) {
    case kCompact:
      layout.kind = LayoutKind::bytes;
      layout.data = cursor.take(cursor.u16());
      return;
    case kContiguous: {
      const uint64_t address = cursor.address();
      const uint64_t stored = cursor.length();
      if (address != kUndefined && stored < data_bytes) {
        fail(ErrorCode::bad_file, object.where(), "the shape asks for {} bytes, {} are stored", data_bytes,
             stored);
      }
      return set_contiguous(object.image(), address, data_bytes, layout);
    }
    case kChunked: {
      if (version == 4) return read_new_chunked(cursor, layout);
      const uint8_t rank = cursor.u8();
      const uint64_t index = cursor.address();
      uint64_t chunk_bytes = 1;
      for (uint8_t i = 0; i < rank; ++i) chunk_bytes = saturating_mul(chunk_bytes, cursor.u32());
      return set_chunked(index, chunk_bytes, layout);
    }
    default:
      fail_class(object, cursor, layout_class);
  }
}

std::vector<uint16_t> read_filters(const Object& object, std::span<const std::byte> message) {
  Cursor cursor(object.image(), message, "a filter message");
  const uint8_t version = cursor.u8();
  const uint8_t count = cursor.u8();
  if (version != 1 && version != 2) cursor.fail_value(version, "version");
  if (version == 1) cursor.skip(6);
  std::vector<uint16_t> filters;
  for (uint8_t i = 0; i < count; ++i) {
    const uint16_t id = cursor.u16();
    const bool named = version == 1 || id >= 256;
    const uint16_t name_bytes = named ? cursor.u16() : 0;
    cursor.skip(2);  // flags
    const uint16_t values = cursor.u16();
    const std::string_view name = as_text(cursor.take(version == 1 ? (name_bytes + 7U) / 8 * 8 : name_bytes));
    cursor.skip(4 * (version == 1 ? (values + 1U) / 2 * 2 : values));
    if (id != kDeflate && id != kShuffle && id != kFletcher32 && id != kLzf) {
      fail(ErrorCode::unsupported, object.where(),
           "is stored with filter {} \"{}\"; gzip, shuffle, fletcher32 and lzf are supported", id,
           name.substr(0, name.find('\0')));
    }
    filters.push_back(id);
  }
  return filters;
}

std::span<const std::byte> read_fill(const Image& image, const Message& message) {
  const auto data = resolve_shared(image, message.type, message.shared, message.data);
  Cursor cursor(image, data, "a fill value");
  if (message.type == MessageType::fill_value) {
    const uint8_t version = cursor.u8();
    if (version < 1 || version > 3) cursor.fail_value(version, "version");
    if (version == 3) {
      if ((cursor.u8() & 0x20) == 0) return {};  // none is defined
    } else {
      cursor.skip(2);  // when space is allocated, when the value is written
      if (cursor.u8() == 0 && version == 2) return {};
    }
  }
  const uint32_t size = cursor.u32();
  return size > cursor.remaining() ? std::span<const std::byte>{} : cursor.take(size);
}

}  // namespace

Layout read_layout(const Object& object, uint64_t data_bytes) {
  const Image& image = object.image();
  Layout layout;
  for (const Message& message : object.messages()) {
    switch (message.type) {
      case MessageType::external_files: {  // the braces: clang 14 destroys the temporary in other cases too
        fail(ErrorCode::unsupported, object.where(),
             "keeps its data in external files; only data in the file itself is read");
      }
      case MessageType::layout: {
        Cursor cursor(image, message.data, "a layout message");
        const uint8_t version = cursor.u8();
        if (version < 1 || version > 4) {
          fail(ErrorCode::unsupported, object.where(), "the layout has version {}; 1 to 4 are known",
               version);
        }
        if (version < 3) {
          read_old_layout(object, cursor, data_bytes, layout);
        } else {
          read_new_layout(object, cursor, version, data_bytes, layout);
        }
        break;
      }
      case MessageType::filters:
        layout.filters =
            read_filters(object, resolve_shared(image, message.type, message.shared, message.data));
        break;
      case MessageType::old_fill_value:
      case MessageType::fill_value:
        layout.fill = read_fill(image, message);
        break;
      default:
        break;
    }
  }
  if (layout.kind == LayoutKind::bytes && layout.data.size() < data_bytes) {
    fail(ErrorCode::bad_file, object.where(), "the shape asks for {} bytes, {} are stored", data_bytes,
         layout.data.size());
  }
  return layout;
}

uint64_t largest_expansion(const Layout& layout) {
  const auto has = [&](uint16_t id) {
    return std::count(layout.filters.begin(), layout.filters.end(), id) > 0;
  };
  return has(kDeflate) ? kDeflateExpansion : has(kLzf) ? kLzfExpansion : 1;
}

}  // namespace cornu::formats::hdf5
