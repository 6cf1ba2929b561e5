#include "formats/hdf5/image.h"

#include <fmt/format.h>

#include <functional>

#include "base/fail.h"

namespace cornu::formats::hdf5 {
namespace {

// Real files are looked at a few times over at most. 256 times keeps the worst file of 10 MB under a few
// seconds; the floor lets tiny files be searched often.
constexpr uint64_t kVisitsPerByte = 256;
constexpr uint64_t kFreeVisits = 1 << 20;
constexpr uint64_t kCopiesPerByte = 1032;  // the most that deflate can make of a byte
constexpr uint64_t kFreeCopies = 1 << 24;  // small datasets that were never written have no bytes

// Adds to a counter and returns the sum. A plain load and store: threads may lose counts to each other, which
// only makes the limits a little wider.
uint64_t add(std::atomic<uint64_t>& counter, uint64_t count) {
  const uint64_t sum = counter.load(std::memory_order_relaxed) + count;
  counter.store(sum, std::memory_order_relaxed);
  return sum;
}

}  // namespace

std::span<const std::byte> Image::slice(uint64_t address, uint64_t size, const char* what) const {
  if (address > bytes.size() || size > bytes.size() - address) {
    fail(ErrorCode::bad_file, where, "{} at byte {} has {} bytes, but the file ends at byte {}", what,
         address, size, bytes.size());
  }
  return bytes.subspan(static_cast<size_t>(address), static_cast<size_t>(size));
}

std::span<const std::byte> Image::at(uint64_t address, uint64_t size, const char* what) const {
  visit(size);
  return slice(address, size, what);
}

std::span<const std::byte> Image::from(uint64_t address, uint64_t least, const char* what) const {
  at(address, least, what);
  return bytes.subspan(static_cast<size_t>(address));
}

void Image::visit(uint64_t count) const {
  if (add(visited_bytes, count) > kFreeVisits + kVisitsPerByte * bytes.size()) {
    fail(ErrorCode::bad_file, where, "the file's structures refer to each other in circles or far too often");
  }
}

void Image::justify_copy(uint64_t count) const {
  if (add(copied_bytes, count) > kFreeCopies + kCopiesPerByte * bytes.size()) {
    fail(ErrorCode::bad_file, where, "the datasets together declare more bytes than the file can stand for");
  }
}

void Image::fail_at(const std::byte* position, const std::string& message) const {
  const std::less_equal<const std::byte*> not_after;  // also orders pointers into unpacked chunks
  const bool inside = not_after(bytes.data(), position) && not_after(position, bytes.data() + bytes.size());
  throw Error(ErrorCode::bad_file, message,
              inside ? fmt::format("{}: byte {}", where, position - bytes.data()) : where);
}

void Cursor::signature(std::string_view letters) {
  const std::byte* position = bytes_.data();
  if (as_text(take(letters.size())) != letters) {
    image_.fail_at(position, fmt::format("{} does not begin with \"{}\"", what_, letters));
  }
}

void Cursor::fail_value(uint64_t value, const char* field) const {
  image_.fail_at(bytes_.data(), fmt::format("{} has {} {}", what_, field, value));
}

void Cursor::fail_short(uint64_t size) const {
  image_.fail_at(bytes_.data(),
                 fmt::format("{} ends here, but {} more bytes belong to it", what_, size - bytes_.size()));
}

std::string_view terminated_text(const Image& image, std::span<const std::byte> bytes, const char* what) {
  const void* end = bytes.empty() ? nullptr : std::memchr(bytes.data(), 0, bytes.size());
  if (end == nullptr) image.fail_at(bytes.data(), fmt::format("{} has no end", what));
  return as_text(bytes.first(static_cast<size_t>(static_cast<const std::byte*>(end) - bytes.data())));
}

}  // namespace cornu::formats::hdf5
