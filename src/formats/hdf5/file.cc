#include "formats/hdf5/file.h"

#include <algorithm>

#include "base/fail.h"
#include "formats/hdf5/group.h"
#include "formats/hdf5/image.h"

namespace cornu::formats::hdf5 {
namespace {

constexpr std::string_view kSignature("\x89HDF\r\n\x1a\n", 8);  // specification 4.0, section II.A
constexpr size_t kFirstUserBlock = 512;  // the signature may stand at 0, 512, 1024, 2048, ...

bool signature_at(std::span<const std::byte> bytes, size_t offset) {
  return bytes.size() >= offset + kSignature.size() &&
         as_text(bytes.subspan(offset, kSignature.size())) == kSignature;
}

// The offset of the superblock, or the size of `bytes` if there is none.
size_t find_superblock(std::span<const std::byte> bytes) {
  if (signature_at(bytes, 0)) return 0;
  for (size_t offset = kFirstUserBlock; offset < bytes.size(); offset *= 2) {
    if (signature_at(bytes, offset)) return offset;
  }
  return bytes.size();
}

int size_field(const Image& image, uint8_t value, const char* what) {
  if (value == 2 || value == 4 || value == 8) return value;
  fail(ErrorCode::unsupported, image.where, "{} take {} bytes in this HDF5 file; 2, 4 and 8 are known", what,
       value);
}

// Where the data ends, counted from the superblock: both stored addresses count from the start of the file as
// it was written, and a user block in front may have been cut off or added since.
uint64_t data_end(const Image& image, uint64_t base, uint64_t end) {
  if (base == kUndefined || end == kUndefined || base > end) {
    fail(ErrorCode::bad_file, image.where, "the superblock says that the data begins at {} and ends at {}",
         base, end);
  }
  return end - base;
}

// Versions 0 and 1: fixed fields, then the symbol table entry of the root group.
uint64_t read_old_superblock(Image& image, Cursor& cursor, int version) {
  cursor.skip(4);  // versions of parts that follow, one reserved byte
  image.offset_bytes = size_field(image, cursor.u8(), "addresses");
  image.length_bytes = size_field(image, cursor.u8(), "lengths");
  cursor.skip(1 + 2 + 2 + 4);            // reserved, the two group B-tree ranks, consistency flags
  if (version == 1) cursor.skip(2 + 2);  // rank of chunk B-trees, reserved
  const uint64_t base = cursor.address();
  cursor.address();  // free space index
  const uint64_t end = cursor.address();
  cursor.address();  // driver information
  cursor.address();  // the root's name offset: it has no name
  image.root_address = cursor.address();
  return data_end(image, base, end);
}

// Versions 2 and 3.
uint64_t read_new_superblock(Image& image, Cursor& cursor) {
  image.offset_bytes = size_field(image, cursor.u8(), "addresses");
  image.length_bytes = size_field(image, cursor.u8(), "lengths");
  cursor.skip(1);  // consistency flags
  const uint64_t base = cursor.address();
  cursor.address();  // extension: tuning of free space, shared messages
  const uint64_t end = cursor.address();
  image.root_address = cursor.address();
  return data_end(image, base, end);
}

}  // namespace

File File::open(std::span<const std::byte> bytes, std::shared_ptr<const void> owner, bool in_place,
                std::string where) {
  const size_t start = find_superblock(bytes);
  if (start == bytes.size()) {
    fail(ErrorCode::bad_file, where, "no HDF5 signature at byte 0, 512, 1024, ... of {} bytes", bytes.size());
  }
  auto image = std::make_shared<Image>();
  image->bytes = bytes.subspan(start);
  image->owner = std::move(owner);
  image->in_place = in_place;
  image->where = std::move(where);
  Cursor cursor(*image, image->bytes, "the superblock");
  cursor.skip(kSignature.size());
  const int version = cursor.u8();
  if (version > 3) {
    fail(ErrorCode::unsupported, image->where, "the HDF5 superblock has version {}; 0 to 3 are known",
         version);
  }
  const uint64_t end =
      version < 2 ? read_old_superblock(*image, cursor, version) : read_new_superblock(*image, cursor);
  if (end > image->bytes.size()) {
    fail(ErrorCode::bad_file, image->where, "the file is cut: it should have {} bytes and has {}", end,
         image->bytes.size());
  }
  return File(std::move(image));
}

Group File::root() const {
  return Group(*image_, image_->root_address, "");
}

const std::string& File::where() const {
  return image_->where;
}

bool has_signature(std::span<const std::byte> head) {
  return find_superblock(head) < head.size();
}

}  // namespace cornu::formats::hdf5
