#include "formats/hdf5/fractal_heap.h"

#include <algorithm>
#include <bit>

#include "base/fail.h"

namespace cornu::formats::hdf5 {
namespace {

constexpr uint8_t kHugeIndex = 1;     // B-tree record: address, length, ID of a huge object
constexpr unsigned kMaxNesting = 64;  // every indirect block below another is at most half its size

unsigned log2_of(uint64_t value) {
  return static_cast<unsigned>(std::bit_width(value)) - 1;
}

}  // namespace

FractalHeap::FractalHeap(const Image& image, uint64_t address) : image_(image) {
  Cursor cursor(image, image.from(address, 16, "a fractal heap"), "a fractal heap");
  cursor.signature("FRHP");
  cursor.expect(cursor.u8(), 0, "version");
  id_bytes_ = cursor.u16();
  if (cursor.u16() != 0)
    fail(ErrorCode::unsupported, image.where, "names or attributes are stored compressed");
  cursor.skip(1);  // flags
  const uint32_t max_object_bytes = cursor.u32();
  cursor.length();  // next ID of a huge object
  const uint64_t huge_index = cursor.address();
  cursor.length();   // free space in blocks
  cursor.address();  // its manager
  for (int i = 0; i < 4; ++i)
    cursor.length();  // managed space, allocated space, iterator offset, managed objects
  cursor.length();    // bytes of huge objects
  const uint64_t huge_count = cursor.length();
  for (int i = 0; i < 2; ++i) cursor.length();  // bytes and count of tiny objects
  width_ = cursor.u16();
  first_bytes_ = cursor.length();
  const uint64_t max_direct_bytes = cursor.length();
  const uint16_t offset_bits = cursor.u16();
  cursor.skip(2);  // rows of the first root
  root_ = cursor.address();
  root_rows_ = cursor.u16();
  if (width_ == 0) cursor.fail_value(width_, "table width");
  if (!std::has_single_bit(first_bytes_) || first_bytes_ > image.bytes.size()) {
    cursor.fail_value(first_bytes_, "first block size");
  }
  if (!std::has_single_bit(max_direct_bytes) || max_direct_bytes < first_bytes_) {
    cursor.fail_value(max_direct_bytes, "largest block size");
  }
  if (offset_bits == 0 || offset_bits > 64) cursor.fail_value(offset_bits, "offset bits");
  if (root_rows_ > 64) cursor.fail_value(root_rows_, "rows");
  if (max_object_bytes == 0) cursor.fail_value(max_object_bytes, "largest object size");
  offset_bytes_ = (offset_bits + 7) / 8;
  size_bytes_ =
      static_cast<int>(std::min((log2_of(max_direct_bytes) + 7) / 8, log2_of(max_object_bytes) / 8 + 1));
  direct_rows_ = log2_of(max_direct_bytes) - log2_of(first_bytes_) + 2;
  if (huge_count > 0) huge_records_ = read_records(image, huge_index, kHugeIndex);
}

std::span<const std::byte> FractalHeap::object(std::span<const std::byte> id) const {
  Cursor cursor(image_, id, "a heap ID");
  Cursor body(image_, cursor.take(static_cast<uint64_t>(id_bytes_)), "a heap ID");
  const uint8_t first = body.u8();
  if ((first & 0xc0) != 0) body.fail_value(first >> 6, "version");
  switch ((first >> 4) & 0x03) {
    case 0: {
      const uint64_t offset = body.sized(offset_bytes_);
      return managed(offset, body.sized(size_bytes_));
    }
    case 1:
      return huge(body.rest());
    case 2:
      return body.take((first & 0x0fU) + 1U);  // tiny: the ID itself holds the object
    default:
      body.fail_value(first, "kind");
  }
}

uint64_t FractalHeap::row_bytes(unsigned row) const {
  const unsigned doublings = row == 0 ? 0 : row - 1;
  if (doublings + log2_of(first_bytes_) > 62) {
    fail(ErrorCode::bad_file, image_.where, "a fractal heap has a row {} of blocks beyond 2^62 bytes", row);
  }
  return first_bytes_ << doublings;
}

// Walks down the doubling table: rows of `width_` blocks, the first two of first_bytes_, then each twice the
// last.
std::span<const std::byte> FractalHeap::managed(uint64_t offset, uint64_t size) const {
  uint64_t block = root_;
  unsigned rows = root_rows_;
  uint64_t block_bytes = first_bytes_;
  for (unsigned level = 0; rows > 0; ++level) {
    if (level == kMaxNesting)
      fail(ErrorCode::bad_file, image_.where, "a fractal heap's blocks nest too deep");
    unsigned row = 0;
    while (row < rows && offset / row_bytes(row) >= width_) offset -= row_bytes(row++) * width_;
    if (row == rows)
      fail(ErrorCode::bad_file, image_.where, "a heap ID points behind the blocks of its heap");
    block_bytes = row_bytes(row);
    const uint64_t entry = row * uint64_t{width_} + offset / block_bytes;
    offset %= block_bytes;
    const uint64_t header_bytes = 5 + static_cast<uint64_t>(image_.offset_bytes + offset_bytes_);
    const uint64_t entries_bytes = (entry + 1) * static_cast<uint64_t>(image_.offset_bytes);
    Cursor cursor(image_, image_.at(block, header_bytes + entries_bytes, "an indirect block"),
                  "an indirect block");
    cursor.signature("FHIB");
    cursor.expect(cursor.u8(), 0, "version");
    cursor.skip(header_bytes - 5 + entries_bytes - static_cast<uint64_t>(image_.offset_bytes));
    block = cursor.address();
    if (row < direct_rows_) break;
    const uint64_t smallest = first_bytes_ * width_;
    if (block_bytes < smallest) cursor.fail_value(block_bytes, "a child too small:");
    rows = log2_of(block_bytes) - log2_of(smallest) + 1;
  }
  if (offset > block_bytes || size > block_bytes - offset) {
    fail(ErrorCode::bad_file, image_.where, "an object of {} bytes crosses the end of its heap block", size);
  }
  const std::span<const std::byte> bytes = image_.at(block, block_bytes, "a heap block");
  Cursor(image_, bytes, "a heap block").signature("FHDB");
  return bytes.subspan(static_cast<size_t>(offset), static_cast<size_t>(size));
}

std::span<const std::byte> FractalHeap::huge(std::span<const std::byte> id) const {
  const int direct_bytes = image_.offset_bytes + image_.length_bytes;
  Cursor key(image_, id, "a heap ID");
  if (direct_bytes < id_bytes_) {  // the ID has room for the address itself
    const uint64_t address = key.address();
    return image_.at(address, key.length(), "a huge object");
  }
  const uint64_t wanted = key.sized(std::min(id_bytes_ - 1, 8));
  const auto number = [this](std::span<const std::byte> record) {
    Cursor cursor(image_, record, "a huge object's record");
    cursor.address();
    cursor.length();
    return cursor.length();
  };
  const auto found =
      std::partition_point(huge_records_.begin(), huge_records_.end(),
                           [&](std::span<const std::byte> record) { return number(record) < wanted; });
  if (found == huge_records_.end() || number(*found) != wanted)
    key.fail_value(wanted, "no huge object with number");
  Cursor cursor(image_, *found, "a huge object's record");
  const uint64_t address = cursor.address();
  return image_.at(address, cursor.length(), "a huge object");
}

}  // namespace cornu::formats::hdf5
