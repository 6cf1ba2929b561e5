// Where the chunks of a dataset are: B-tree version 1, and the indexes of layout version 4.
#include <algorithm>

#include "base/fail.h"
#include "formats/hdf5/chunks.h"
#include "formats/hdf5/fractal_heap.h"

namespace cornu::formats::hdf5 {
namespace {

constexpr char kWhat[] = "a chunk index";
constexpr uint8_t kChunkNode = 1;        // node type of a B-tree version 1
constexpr uint8_t kMaxLevel = 32;        // a tree of that depth has more nodes than a file can hold
constexpr uint8_t kPlainRecord = 10;     // B-tree version 2: address, place
constexpr uint8_t kFilteredRecord = 11;  // address, size, skipped filters, place
constexpr int kChecksumBytes = 4;

struct Finder {
  const Object& object;
  const Image& image;
  const Layout& layout;
  int rank;
  uint64_t chunk_bytes;
  std::array<uint64_t, Shape::kMaxRank> grid{};  // chunks along each axis, up to the limits of the dataset
  uint64_t grid_chunks = 1;                      // in all
  uint64_t stored_bytes = 0;                     // of the chunks found
  std::vector<Chunk> chunks{};

  bool filtered() const { return !layout.filters.empty(); }
};

void add(Finder& finder, uint64_t address, uint64_t stored_bytes, uint32_t skipped, const Chunk& at) {
  if (address == kUndefined) return;  // never written
  Chunk chunk = at;
  chunk.skipped = skipped;
  chunk.stored = finder.image.slice(address, stored_bytes, "a chunk");
  finder.stored_bytes += stored_bytes;
  if (finder.stored_bytes > finder.image.bytes.size() || finder.chunks.size() >= finder.grid_chunks) {
    fail(ErrorCode::bad_file, finder.object.where(),
         "has more chunks than its shape or the file has room for");
  }
  finder.chunks.push_back(chunk);
}

// The place of the chunk with a number that counts through the grid in row-major order.
Chunk chunk_number(const Finder& finder, uint64_t number) {
  Chunk chunk;
  for (int axis = finder.rank - 1; axis >= 0; --axis) {
    const auto i = static_cast<size_t>(axis);
    chunk.start[i] = number % finder.grid[i] * finder.layout.chunk_shape[i];
    number /= finder.grid[i];
  }
  return chunk;
}

// `level` of the root is unknown (-1); below it every step must go down by one, so that recursion ends.
void read_node(Finder& finder, uint64_t address, int level) {
  const Image& image = finder.image;
  Cursor cursor(image, image.from(address, 8, kWhat), kWhat);
  cursor.signature("TREE");
  cursor.expect(cursor.u8(), kChunkNode, "type");
  const uint8_t here = cursor.u8();
  if (level < 0 ? here > kMaxLevel : here != level) cursor.fail_value(here, "level");
  const uint16_t count = cursor.u16();
  image.visit(count * uint64_t{32});
  cursor.address();  // left sibling
  cursor.address();  // right sibling
  for (uint16_t i = 0; i < count; ++i) {
    const uint32_t stored_bytes = cursor.u32();
    const uint32_t skipped = cursor.u32();
    Chunk chunk;
    for (int axis = 0; axis < finder.rank; ++axis) chunk.start[static_cast<size_t>(axis)] = cursor.u64();
    cursor.skip(8);  // the place inside an element: 0
    const uint64_t child = cursor.address();
    if (here > 0) {
      read_node(finder, child, here - 1);
    } else {
      add(finder, child, finder.filtered() ? stored_bytes : finder.chunk_bytes, skipped, chunk);
    }
  }
}

void read_btree2(Finder& finder) {
  const uint8_t type = finder.filtered() ? kFilteredRecord : kPlainRecord;
  for (const std::span<const std::byte> record :
       read_records(finder.image, finder.layout.index_address, type)) {
    Cursor cursor(finder.image, record, kWhat);
    const uint64_t address = cursor.address();
    uint64_t stored_bytes = finder.chunk_bytes;
    uint32_t skipped = 0;
    if (finder.filtered()) {
      const int size_bytes =
          static_cast<int>(record.size()) - finder.image.offset_bytes - 4 - 8 * finder.rank;
      if (size_bytes < 1 || size_bytes > 8) cursor.fail_value(record.size(), "record size");
      stored_bytes = cursor.sized(size_bytes);
      skipped = cursor.u32();
    }
    Chunk chunk;
    for (int axis = 0; axis < finder.rank; ++axis) {
      const auto i = static_cast<size_t>(axis);
      const uint64_t number = cursor.u64();
      if (number >= finder.grid[i]) cursor.fail_value(number, "a chunk out of range:");
      chunk.start[i] = number * finder.layout.chunk_shape[i];
    }
    add(finder, address, stored_bytes, skipped, chunk);
  }
}

// `count` entries of a fixed array, from chunk number `first` on.
void read_entries(Finder& finder, Cursor& cursor, uint64_t first, uint64_t count, int entry_bytes) {
  const int size_bytes = entry_bytes - finder.image.offset_bytes - 4;  // of filtered chunks
  for (uint64_t i = 0; i < count; ++i) {
    const uint64_t address = cursor.address();
    const uint64_t stored_bytes = finder.filtered() ? cursor.sized(size_bytes) : finder.chunk_bytes;
    const uint32_t skipped = finder.filtered() ? cursor.u32() : 0;
    add(finder, address, stored_bytes, skipped, chunk_number(finder, first + i));
  }
}

void read_fixed_array(Finder& finder) {
  const Image& image = finder.image;
  Cursor head(image, image.from(finder.layout.index_address, 8, kWhat), kWhat);
  head.signature("FAHD");
  head.expect(head.u8(), 0, "version");
  head.expect(head.u8(), finder.filtered() ? 1 : 0, "kind of entries");
  const int entry_bytes = head.u8();
  const uint8_t page_bits = head.u8();
  const uint64_t count = head.length();
  const int least = image.offset_bytes + (finder.filtered() ? 4 + 1 : 0);
  if (entry_bytes < least || entry_bytes > least + 8)
    head.fail_value(static_cast<uint64_t>(entry_bytes), "entry size");
  if (page_bits > 32) head.fail_value(page_bits, "page size");
  if (count != finder.grid_chunks) head.fail_value(count, "number of entries");
  const uint64_t block = head.address();
  if (block == kUndefined) return;
  const uint64_t page_entries = uint64_t{1} << page_bits;
  Cursor cursor(image, image.from(block, 8, kWhat), kWhat);
  if (count > cursor.remaining() / static_cast<uint64_t>(entry_bytes))
    head.fail_value(count, "number of entries");
  image.visit(count * static_cast<uint64_t>(entry_bytes));
  cursor.signature("FADB");
  cursor.skip(2);  // version, kind
  cursor.address();
  if (count <= page_entries) return read_entries(finder, cursor, 0, count, entry_bytes);
  // Pages, each with a checksum behind it; a bit for each in front says whether it was ever written.
  const uint64_t pages = (count + page_entries - 1) / page_entries;
  const std::span<const std::byte> written = cursor.take((pages + 7) / 8);
  cursor.skip(kChecksumBytes);
  for (uint64_t page = 0; page < pages; ++page) {
    const uint64_t first = page * page_entries;
    const uint64_t entries = std::min(page_entries, count - first);
    Cursor content(image, cursor.take(entries * static_cast<uint64_t>(entry_bytes)), kWhat);
    cursor.skip(kChecksumBytes);
    const auto bits = static_cast<unsigned>(written[static_cast<size_t>(page / 8)]);
    if ((bits >> (7 - page % 8) & 1U) != 0) read_entries(finder, content, first, entries, entry_bytes);
  }
}

// Unfiltered chunks, one behind the other.
void read_implicit(Finder& finder) {
  if (finder.grid_chunks > finder.image.bytes.size() / finder.chunk_bytes) {
    fail(ErrorCode::bad_file, finder.object.where(), "has {} chunks, more than the file has room for",
         finder.grid_chunks);
  }
  for (uint64_t i = 0; i < finder.grid_chunks; ++i) {
    const uint64_t address = finder.layout.index_address + i * finder.chunk_bytes;
    add(finder, address, finder.chunk_bytes, 0, chunk_number(finder, i));
  }
}

// Chunks per axis. The places of chunks in arrays are counted up to the limits of the dataset, which may be
// larger than it is; an unlimited axis has no such count.
void count_grid(Finder& finder, const Dataspace& space) {
  for (int axis = 0; axis < finder.rank; ++axis) {
    const auto i = static_cast<size_t>(axis);
    const int64_t limit = std::max(space.limits[axis], space.shape[axis]);
    const uint64_t size = finder.layout.chunk_shape[i];
    finder.grid[i] = static_cast<uint64_t>(limit) / size + (static_cast<uint64_t>(limit) % size != 0 ? 1 : 0);
    if (__builtin_mul_overflow(finder.grid_chunks, finder.grid[i], &finder.grid_chunks)) {
      fail(ErrorCode::bad_file, finder.object.where(), "has more chunks than 64 bits can count");
    }
  }
}

// Each place has one chunk; a file with several wants work done for nothing.
void check_places(const Finder& finder) {
  std::vector<std::array<uint64_t, Shape::kMaxRank>> places;
  places.reserve(finder.chunks.size());
  for (const Chunk& chunk : finder.chunks) places.push_back(chunk.start);
  std::sort(places.begin(), places.end());
  if (std::adjacent_find(places.begin(), places.end()) != places.end()) {
    fail(ErrorCode::bad_file, finder.object.where(), "has two chunks at one place");
  }
}

}  // namespace

std::vector<Chunk> find_chunks(const Object& object, const Layout& layout, const Dataspace& space,
                               uint64_t chunk_bytes) {
  Finder finder{object, object.image(), layout, space.shape.rank(), chunk_bytes};
  count_grid(finder, space);
  switch (layout.index) {
    case ChunkIndex::btree1:
      read_node(finder, layout.index_address, -1);
      break;
    case ChunkIndex::btree2:
      read_btree2(finder);
      break;
    case ChunkIndex::fixed_array:
      read_fixed_array(finder);
      break;
    case ChunkIndex::implicit:
      read_implicit(finder);
      break;
    case ChunkIndex::single:
      add(finder, layout.index_address, finder.filtered() ? layout.single_bytes : chunk_bytes,
          layout.single_skipped, {});
      break;
    case ChunkIndex::extensible_array:
      break;
  }
  if (layout.index == ChunkIndex::extensible_array) {
    fail(ErrorCode::unsupported, object.where(),
         "grows along one axis and is indexed by an extensible array; store it with a fixed shape");
  }
  check_places(finder);
  return std::move(finder.chunks);
}

}  // namespace cornu::formats::hdf5
