#include "formats/hdf5/filters.h"

#include <zlib.h>

#include <algorithm>
#include <limits>

#include "base/fail.h"
#include "base/printable.h"
#include "formats/hdf5/lzf.h"

namespace cornu::formats::hdf5 {
namespace {

// Registered filter numbers: specification, "Filter pipeline message"; 32000 is h5py's lzf.
constexpr uint16_t kDeflate = 1;
constexpr uint16_t kShuffle = 2;
constexpr uint16_t kFletcher32 = 3;
constexpr uint16_t kLzf = 32000;
constexpr size_t kChecksumBytes = 4;  // of fletcher32, after the data
// A deflate stream codes at most 258 bytes with two codes of one bit each: 1032 to 1 (zlib's documentation
// agrees).
constexpr uint64_t kDeflateExpansion = 1032;
constexpr uint64_t kLzfExpansion = 88;  // a back reference takes 3 bytes and stands for at most 264

bool is_compressor(const Filter& filter) {
  return filter.kind == FilterKind::deflate || filter.kind == FilterKind::lzf;
}

Filter make_filter(const Object& object, uint16_t id, std::string_view name, uint32_t first_value) {
  switch (id) {
    case kDeflate:
      return {FilterKind::deflate};
    case kShuffle:
      return {FilterKind::shuffle, first_value};
    case kFletcher32:
      return {FilterKind::fletcher32};
    case kLzf:
      return {FilterKind::lzf};
    default:
      break;
  }
  fail(ErrorCode::unsupported, object.where(),
       "is stored with filter {} \"{}\"; gzip, shuffle, fletcher32 and lzf are supported", id,
       printable(name));
}

void inflate_all(const Object& object, std::span<const std::byte> stored, std::span<std::byte> out) {
  uLongf out_bytes = out.size();
  const int status = ::uncompress(reinterpret_cast<Bytef*>(out.data()), &out_bytes,
                                  reinterpret_cast<const Bytef*>(stored.data()), stored.size());
  if (status == Z_MEM_ERROR) fail(ErrorCode::out_of_memory, object.where(), "cannot allocate zlib's window");
  if (status != Z_OK || out_bytes != out.size()) {
    fail(ErrorCode::bad_file, object.where(), "a gzip chunk does not unpack to its {} bytes", out.size());
  }
}

// Byte 0 of all elements lies first, then byte 1 of all elements, ...; bytes that fill no element are left as
// they are.
void unshuffle(std::span<const std::byte> stored, size_t element_bytes, std::span<std::byte> out) {
  const size_t count = stored.size() / element_bytes;
  for (size_t byte = 0; byte < element_bytes; ++byte) {
    for (size_t i = 0; i < count; ++i) out[i * element_bytes + byte] = stored[byte * count + i];
  }
  const auto left = stored.subspan(count * element_bytes);
  std::copy(left.begin(), left.end(), out.end() - static_cast<ptrdiff_t>(left.size()));
}

}  // namespace

std::vector<Filter> read_filters(const Object& object, std::span<const std::byte> message) {
  Cursor cursor(object.image(), message, "a filter message");
  const uint8_t version = cursor.u8();
  const uint8_t count = cursor.u8();
  if (version != 1 && version != 2) cursor.fail_value(version, "version");
  if (version == 1) cursor.skip(6);
  std::vector<Filter> filters;
  for (uint8_t i = 0; i < count; ++i) {
    const uint16_t id = cursor.u16();
    const uint16_t name_bytes = version == 1 || id >= 256 ? cursor.u16() : uint16_t{0};
    cursor.skip(2);  // flags
    const uint16_t values = cursor.u16();
    std::string_view name = as_text(cursor.take(version == 1 ? (name_bytes + 7U) / 8 * 8 : name_bytes));
    name = name.substr(0, name.find('\0'));
    const uint32_t first_value = values > 0 ? cursor.u32() : 0;
    if (values > 1) cursor.skip(4 * (values - 1U));
    if (version == 1 && values % 2 == 1) cursor.skip(4);
    filters.push_back(make_filter(object, id, name, first_value));
    if (filters.back().kind == FilterKind::shuffle && first_value == 0)
      cursor.fail_value(0, "shuffled elements of size");
  }
  if (std::count_if(filters.begin(), filters.end(), is_compressor) > 1) {
    fail(ErrorCode::unsupported, object.where(), "is compressed more than once; once is supported");
  }
  return filters;
}

uint64_t largest_expansion(const std::vector<Filter>& filters) {
  const auto found = std::find_if(filters.begin(), filters.end(), is_compressor);
  if (found == filters.end()) return 1;
  return found->kind == FilterKind::deflate ? kDeflateExpansion : kLzfExpansion;
}

std::span<const std::byte> undo_filters(const Object& object, const std::vector<Filter>& filters,
                                        uint32_t skipped, std::span<const std::byte> stored,
                                        uint64_t chunk_bytes, std::vector<std::byte>& scratch) {
  const auto applied = [&](size_t i) { return i >= 32 || (skipped >> i & 1U) == 0; };
  std::vector<std::byte> out;
  for (size_t i = filters.size(); i-- > 0;) {
    if (!applied(i)) continue;
    const Filter& filter = filters[i];
    if (filter.kind == FilterKind::fletcher32) {
      if (stored.size() < kChecksumBytes)
        fail(ErrorCode::bad_file, object.where(), "a chunk is shorter than its checksum");
      stored = stored.first(stored.size() - kChecksumBytes);
      continue;
    }
    // What a filter was given is the chunk, and a checksum for each fletcher32 before it.
    size_t given_bytes = static_cast<size_t>(chunk_bytes);
    for (size_t k = 0; k < i; ++k) {
      if (applied(k) && filters[k].kind == FilterKind::fletcher32) given_bytes += kChecksumBytes;
    }
    if (filter.kind == FilterKind::shuffle && stored.size() != given_bytes) break;  // refused below
    out.resize(given_bytes);
    switch (filter.kind) {
      case FilterKind::deflate:
        inflate_all(object, stored, out);
        break;
      case FilterKind::lzf:
        lzf_unpack(stored, out, object.where());
        break;
      case FilterKind::shuffle:
        unshuffle(stored, filter.element_bytes, out);
        break;
      case FilterKind::fletcher32:
        break;
    }
    std::swap(out, scratch);
    stored = scratch;
  }
  if (stored.size() != chunk_bytes) {
    fail(ErrorCode::bad_file, object.where(), "a chunk has {} bytes, its shape asks for {}", stored.size(),
         chunk_bytes);
  }
  return stored;
}

}  // namespace cornu::formats::hdf5
