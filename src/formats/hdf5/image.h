// Image: the bytes of an HDF5 file as addresses name them, and Cursor, which takes little-endian fields off
// them. Every access is checked against the bytes that exist. Source: docs/formats/hdf5.md, section
// "Superblock".
#pragma once

#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace cornu::formats::hdf5 {

static_assert(std::endian::native == std::endian::little,
              "fields and weights are used as they lie in the file");

// An address that points nowhere: all bits set in the file, this value here whatever the size of addresses.
constexpr uint64_t kUndefined = ~uint64_t{0};

// Shared by everything taken from one file; immutable but for a counter of the work done.
struct Image {
  std::span<const std::byte>
      bytes;  // from the superblock to the end of the file; addresses count from its start
  std::shared_ptr<const void> owner;  // keeps `bytes` alive
  bool in_place = false;
  std::string where;
  int offset_bytes = 8;  // size of an address in the file: 2, 4 or 8
  int length_bytes = 8;  // size of a length: 2, 4 or 8
  uint64_t root_address = 0;

  // The bytes [address, address + size). Throws bad_file naming `what` if they are not all there.
  std::span<const std::byte> slice(uint64_t address, uint64_t size, const char* what) const;
  // The same for a structure: counted by visit().
  std::span<const std::byte> at(uint64_t address, uint64_t size, const char* what) const;
  // The bytes from address to the end of the file, at least `least`. Throws bad_file.
  std::span<const std::byte> from(uint64_t address, uint64_t least, const char* what) const;
  // Counts structure bytes that are about to be looked at. Throws bad_file once they are many times the file:
  // only structures that refer to each other in circles, or thousands of times to the same place, can do
  // that.
  void visit(uint64_t count) const;
  // Counts bytes that are about to be allocated for copies of datasets. Throws bad_file once all of them
  // together are more than the file can stand for, even if each alone is not.
  void justify_copy(uint64_t count) const;
  // Throws bad_file at the byte offset that `position` (a pointer into bytes) has.
  [[noreturn]] void fail_at(const std::byte* position, const std::string& message) const;

  mutable std::atomic<uint64_t> visited_bytes{0};  // see visit()
  mutable std::atomic<uint64_t> copied_bytes{0};   // see justify_copy()
};

// Reads fields one after the other; throws bad_file instead of running over the end. Borrows the image.
class Cursor {
 public:
  Cursor(const Image& image, std::span<const std::byte> bytes, const char* what)
      : image_(image), bytes_(bytes), what_(what) {}

  uint8_t u8() { return number<uint8_t>(); }
  uint16_t u16() { return number<uint16_t>(); }
  uint32_t u32() { return number<uint32_t>(); }
  uint64_t u64() { return number<uint64_t>(); }
  // An unsigned number of 0 to 8 bytes.
  uint64_t sized(int size_bytes) {
    const std::span<const std::byte> field = take(static_cast<uint64_t>(size_bytes));
    uint64_t value = 0;
    std::memcpy(&value, field.data(), field.size());
    return value;
  }
  uint64_t address() {
    const uint64_t value = sized(image_.offset_bytes);
    return value == (kUndefined >> (64 - 8 * image_.offset_bytes)) ? kUndefined : value;
  }
  uint64_t length() { return sized(image_.length_bytes); }
  std::span<const std::byte> take(uint64_t size) {
    if (size > bytes_.size()) fail_short(size);
    const std::span<const std::byte> field = bytes_.first(static_cast<size_t>(size));
    bytes_ = bytes_.subspan(static_cast<size_t>(size));
    return field;
  }
  void skip(uint64_t size) { take(size); }
  // Four letters such as "TREE" that open every block. Throws bad_file if others stand there.
  void signature(std::string_view letters);
  // Throws bad_file unless value == expected.
  void expect(uint64_t value, uint64_t expected, const char* field) const {
    if (value != expected) fail_value(value, field);
  }
  // Throws bad_file: "<what> has <field> <value>".
  [[noreturn]] void fail_value(uint64_t value, const char* field) const;

  std::span<const std::byte> rest() const { return bytes_; }
  size_t remaining() const { return bytes_.size(); }

 private:
  template <class T>
  T number() {
    const std::span<const std::byte> field = take(sizeof(T));
    T value;
    std::memcpy(&value, field.data(), sizeof(T));
    return value;
  }
  [[noreturn]] void fail_short(uint64_t size) const;

  const Image& image_;
  std::span<const std::byte> bytes_;
  const char* what_;
};

// The text up to the first NUL. Throws bad_file if there is none in `bytes`.
std::string_view terminated_text(const Image& image, std::span<const std::byte> bytes, const char* what);

inline std::string_view as_text(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace cornu::formats::hdf5
