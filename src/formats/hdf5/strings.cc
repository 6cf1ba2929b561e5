// Strings: fixed ones in place, variable ones in global heaps.
#include <unordered_map>

#include "base/checked.h"
#include "formats/hdf5/attribute.h"

namespace cornu::formats::hdf5 {
namespace {

std::string_view trim(std::string_view text, bool space_padded) {
  const size_t end = space_padded ? text.find_last_not_of(' ') : text.find_last_not_of('\0');
  return text.substr(0, end + 1);  // npos + 1 is 0
}

// The collections that one array of strings refers to, each indexed at its first use.
class GlobalHeaps {
 public:
  explicit GlobalHeaps(const Image& image) : image_(image) {}

  std::string_view text(uint64_t address, uint32_t index, uint32_t length) {
    const auto [collection, is_new] = collections_.try_emplace(address);
    if (is_new) collection->second = read(address);
    const auto object = collection->second.find(index);
    if (object == collection->second.end() || length > object->second.size()) {
      fail(ErrorCode::bad_file, image_.where, "a string of {} bytes is not in the global heap at byte {}",
           length, address);
    }
    return as_text(object->second.first(length));
  }

 private:
  using Collection = std::unordered_map<uint32_t, std::span<const std::byte>>;  // by index

  Collection read(uint64_t address) {
    constexpr char kWhat[] = "a global heap";
    Cursor head(image_, image_.from(address, 16, kWhat), kWhat);
    head.signature("GCOL");
    head.expect(head.u8(), 1, "version");
    head.skip(3);
    const uint64_t size = head.length();
    Cursor cursor(image_, image_.at(address, size, kWhat), kWhat);
    cursor.skip(static_cast<uint64_t>(8 + image_.length_bytes));
    Collection objects;
    const auto header_bytes = static_cast<size_t>(8 + image_.length_bytes);
    while (cursor.remaining() >= header_bytes) {
      const uint16_t index = cursor.u16();
      cursor.skip(6);  // reference count, reserved
      const uint64_t object_bytes = cursor.length();
      if (index == 0) break;  // the free space at the end
      if (++objects_ > image_.bytes.size() / header_bytes)
        cursor.fail_value(objects_, "more objects than the file can hold:");
      objects.emplace(index, cursor.take(object_bytes));
      cursor.skip(std::min<uint64_t>((8 - object_bytes % 8) % 8, cursor.remaining()));
    }
    return objects;
  }

  const Image& image_;
  uint64_t objects_ = 0;  // in all collections; these may overlap in a hostile file
  std::unordered_map<uint64_t, Collection> collections_;
};

}  // namespace

std::vector<std::string_view> read_strings(const Image& image, const Datatype& type, int64_t count,
                                           std::span<const std::byte> data, const std::string& where) {
  if (count == 0) return {};  // NumPy gives an empty list the type float64
  if (type.dtype != DType::string) fail(ErrorCode::bad_file, where, "expected text, found another type");
  const int64_t needed = checked_mul(count, type.element_bytes, where);
  if (static_cast<uint64_t>(needed) > data.size()) {
    fail(ErrorCode::bad_file, where, "{} strings take {} bytes, {} are stored", count, needed, data.size());
  }
  std::vector<std::string_view> texts;
  texts.reserve(static_cast<size_t>(count));
  Cursor cursor(image, data, "an array of strings");
  if (type.encoding == Encoding::fixed_string) {
    for (int64_t i = 0; i < count; ++i)
      texts.push_back(trim(as_text(cursor.take(type.element_bytes)), type.space_padded));
    return texts;
  }
  GlobalHeaps heaps(image);
  for (int64_t i = 0; i < count; ++i) {
    const uint32_t length = cursor.u32();
    const uint64_t address = cursor.address();
    const uint32_t index = cursor.u32();
    // A string that was never written has no address.
    texts.push_back(length == 0 || address == 0 ? std::string_view{} : heaps.text(address, index, length));
  }
  return texts;
}

}  // namespace cornu::formats::hdf5
