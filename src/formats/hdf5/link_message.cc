// Links of new groups: link messages in the header, or in a fractal heap indexed by a B-tree version 2.
#include <fmt/format.h>

#include "formats/hdf5/fractal_heap.h"
#include "formats/hdf5/link.h"

namespace cornu::formats::hdf5 {
namespace {

constexpr uint8_t kNameIndex = 5;  // B-tree record: 4 bytes hash of the name, 7 bytes heap ID

LinkKind link_kind(uint8_t stored) {
  if (stored == 0) return LinkKind::hard;
  if (stored == 1) return LinkKind::soft;
  return stored == 64 ? LinkKind::external : LinkKind::user_defined;
}

}  // namespace

void read_link_message(const Image& image, std::span<const std::byte> message, std::vector<Link>& links) {
  Cursor cursor(image, message, "a link message");
  cursor.expect(cursor.u8(), 1, "version");
  const uint8_t flags = cursor.u8();
  Link link;
  if ((flags & 0x08) != 0) link.kind = link_kind(cursor.u8());
  link.creation_order = (flags & 0x04) != 0 ? cursor.u64() : kUndefined;
  if ((flags & 0x10) != 0) cursor.skip(1);  // character set of the name
  link.name = as_text(cursor.take(cursor.sized(1 << (flags & 0x03))));
  if (link.kind == LinkKind::hard) link.address = cursor.address();
  links.push_back(link);
}

void read_dense_links(const Image& image, std::span<const std::byte> message, std::vector<Link>& links) {
  Cursor cursor(image, message, "a link info message");
  cursor.expect(cursor.u8(), 0, "version");
  if ((cursor.u8() & 0x01) != 0) cursor.skip(8);  // the next creation order
  const uint64_t heap_address = cursor.address();
  const uint64_t index = cursor.address();
  if (heap_address == kUndefined) return;  // the links are messages in the header
  const FractalHeap heap(image, heap_address);
  for (const std::span<const std::byte> record : read_records(image, index, kNameIndex)) {
    read_link_message(image, heap.object(record.subspan(4)), links);
  }
}

}  // namespace cornu::formats::hdf5
