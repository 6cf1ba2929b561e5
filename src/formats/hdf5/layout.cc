#include "formats/hdf5/layout.h"

#include "base/fail.h"

namespace cornu::formats::hdf5 {
namespace {

enum Class : uint8_t { kCompact = 0, kContiguous = 1, kChunked = 2, kVirtual = 3 };

void set_contiguous(const Image& image, uint64_t address, uint64_t data_bytes, Layout& layout) {
  if (address == kUndefined) return;
  layout.kind = LayoutKind::bytes;
  layout.data = image.slice(address, data_bytes, "a dataset");
}

void set_chunked(ChunkIndex index, uint64_t address, Layout& layout) {
  if (address == kUndefined) return;
  layout.kind = LayoutKind::chunked;
  layout.index = index;
  layout.index_address = address;
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
  for (uint8_t i = 0; i < rank; ++i) layout.chunk_shape.push_back(cursor.u32());
  switch (layout_class) {
    case kCompact:
      layout.kind = LayoutKind::bytes;
      layout.data = cursor.take(cursor.u32());
      return;
    case kContiguous:
      return set_contiguous(object.image(), address, data_bytes, layout);
    case kChunked:
      layout.chunk_shape.push_back(cursor.u32());
      return set_chunked(ChunkIndex::btree1, address, layout);
    default:
      fail_class(object, cursor, layout_class);
  }
}

// Chunks in version 4: a kind of index, its parameters (only those of a single chunk are of use here), its
// address.
void read_new_chunked(const Object& object, Cursor& cursor, Layout& layout) {
  const uint8_t flags = cursor.u8();
  if ((flags & 0x01) != 0) {
    fail(ErrorCode::unsupported, object.where(),
         "leaves chunks at its edges unfiltered; store it with all filtered");
  }
  const uint8_t rank = cursor.u8();
  const uint8_t size_bytes = cursor.u8();
  if (size_bytes > 8) cursor.fail_value(size_bytes, "sizes of bytes:");
  for (uint8_t i = 0; i < rank; ++i) layout.chunk_shape.push_back(cursor.sized(size_bytes));
  const uint8_t kind = cursor.u8();
  switch (kind) {
    case 1:
      if ((flags & 0x02) != 0) {
        layout.single_bytes = cursor.length();
        layout.single_skipped = cursor.u32();
      }
      return set_chunked(ChunkIndex::single, cursor.address(), layout);
    case 2:
      return set_chunked(ChunkIndex::implicit, cursor.address(), layout);
    case 3:
      cursor.skip(1);
      return set_chunked(ChunkIndex::fixed_array, cursor.address(), layout);
    case 4:
      cursor.skip(5);
      return set_chunked(ChunkIndex::extensible_array, cursor.address(), layout);
    case 5:
      cursor.skip(6);
      return set_chunked(ChunkIndex::btree2, cursor.address(), layout);
    default:
      cursor.fail_value(kind, "a chunk index of kind");
  }
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
      if (version == 4) return read_new_chunked(object, cursor, layout);
      const uint8_t rank = cursor.u8();
      const uint64_t index = cursor.address();
      for (uint8_t i = 0; i < rank; ++i) layout.chunk_shape.push_back(cursor.u32());
      return set_chunked(ChunkIndex::btree1, index, layout);
    }
    default:
      fail_class(object, cursor, layout_class);
  }
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
  if (object.find(MessageType::external_files) != nullptr) {
    fail(ErrorCode::unsupported, object.where(),
         "keeps its data in external files; only data in the file itself is read");
  }
  Layout layout;
  for (const Message& message : object.messages()) {
    switch (message.type) {
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

}  // namespace cornu::formats::hdf5
