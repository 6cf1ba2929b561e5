#include "formats/table.h"

#include <snappy.h>

#include <cstring>

#include "base/crc32c.h"
#include "formats/proto.h"

namespace cornu::formats {
namespace {

constexpr uint64_t kMagic = 0xdb4775248b80fb57;    // the last 8 bytes, little-endian
constexpr size_t kFooterBytes = 48;                // two block handles, padded, and the magic number
constexpr size_t kTrailerBytes = 5;                // of a block: its compression and a checksum
constexpr size_t kMostUnpacked = size_t{1} << 28;  // of a block: writers aim at some kilobytes

template <class T>
T load(const char* at) {
  T value;
  std::memcpy(&value, at, sizeof(T));
  return value;
}

class TableReader {
 public:
  TableReader(std::string_view file, const std::string& where) : file_(file), where_(where) {}

  void read(const std::function<void(std::string_view, std::string_view)>& fn) const {
    if (file_.size() < kFooterBytes || load<uint64_t>(file_.data() + file_.size() - 8) != kMagic)
      fail(ErrorCode::bad_file, where_, "the {} bytes do not end as a table does; is the file cut?",
           file_.size());
    std::string_view footer = file_.substr(file_.size() - kFooterBytes);
    next_handle(footer);  // of the meta index, which checkpoints do not use
    const std::string index = block(next_handle(footer));
    each_entry(index, [&](std::string_view, std::string_view handle) {
      const std::string data = block(next_handle(handle));
      each_entry(data, fn);
    });
  }

 private:
  struct Handle {
    uint64_t offset = 0;
    uint64_t size = 0;
  };

  uint64_t next_varint(std::string_view& bytes) const {
    const char* at = bytes.data();
    try {
      const uint64_t value = protozero::decode_varint(&at, bytes.data() + bytes.size());
      bytes.remove_prefix(static_cast<size_t>(at - bytes.data()));
      return value;
    } catch (const protozero::exception&) {
      fail(ErrorCode::bad_file, where_, "a number of the table is cut");
    }
  }

  Handle next_handle(std::string_view& bytes) const {
    Handle handle;
    handle.offset = next_varint(bytes);
    handle.size = next_varint(bytes);
    return handle;
  }

  // The content of a block, checked and unpacked.
  std::string block(const Handle& handle) const {
    if (handle.size > file_.size() || handle.offset > file_.size() - handle.size ||
        file_.size() - handle.size - handle.offset < kTrailerBytes) {
      fail(ErrorCode::bad_file, where_, "a block of {} bytes at {} is not within the file's {}", handle.size,
           handle.offset, file_.size());
    }
    const std::string_view content = file_.substr(handle.offset, handle.size + 1);
    const auto stored = load<uint32_t>(file_.data() + handle.offset + handle.size + 1);
    if (masked_crc(crc32c(std::as_bytes(std::span(content)))) != stored)
      fail(ErrorCode::bad_file, where_, "the block at {} has a wrong checksum", handle.offset);
    const char compression = content.back();
    const std::string_view packed = content.substr(0, handle.size);
    if (compression == 0) return std::string(packed);
    if (compression != 1)
      fail(ErrorCode::unsupported, where_,
           "the block at {} is compressed by method {}, 0 and 1 (snappy) are read", handle.offset,
           static_cast<int>(compression));
    size_t size = 0;
    std::string out;
    if (!snappy::GetUncompressedLength(packed.data(), packed.size(), &size) || size > kMostUnpacked ||
        !snappy::Uncompress(packed.data(), packed.size(), &out))
      fail(ErrorCode::bad_file, where_, "the block at {} cannot be unpacked", handle.offset);
    return out;
  }

  // Entries share the start of their key with the one before; restart points, for searching, follow the last entry.
  void each_entry(std::string_view block,
                  const std::function<void(std::string_view, std::string_view)>& fn) const {
    if (block.size() < sizeof(uint32_t))
      fail(ErrorCode::bad_file, where_, "a block of {} bytes is cut", block.size());
    const uint64_t restarts = load<uint32_t>(block.data() + block.size() - sizeof(uint32_t));
    if (restarts > block.size() / sizeof(uint32_t) - 1)
      fail(ErrorCode::bad_file, where_, "a block of {} bytes claims {} restart points", block.size(),
           restarts);
    block.remove_suffix((restarts + 1) * sizeof(uint32_t));
    std::string key;
    while (!block.empty()) {
      const uint64_t shared = next_varint(block);
      const uint64_t added = next_varint(block);
      const uint64_t value = next_varint(block);
      if (shared > key.size() || added > block.size() || value > block.size() - added)
        fail(ErrorCode::bad_file, where_, "an entry of the table reaches beyond its block");
      key.resize(shared);
      key += block.substr(0, added);
      fn(key, block.substr(added, value));
      block.remove_prefix(added + value);
    }
  }

  std::string_view file_;
  const std::string& where_;
};

std::string_view as_text(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

bool is_table(std::span<const std::byte> file) {
  return file.size() >= kFooterBytes && load<uint64_t>(as_text(file).data() + file.size() - 8) == kMagic;
}

void read_table(std::span<const std::byte> file, const std::string& where,
                const std::function<void(std::string_view, std::string_view)>& fn) {
  TableReader(as_text(file), where).read(fn);
}

}  // namespace cornu::formats
