// B-tree version 2: the records of every node, in key order.
#include <bit>

#include "base/fail.h"
#include "formats/hdf5/fractal_heap.h"

namespace cornu::formats::hdf5 {
namespace {

constexpr int kNodeOverhead = 10;   // signature 4, version 1, type 1, checksum 4
constexpr unsigned kMaxDepth = 16;  // each level multiplies by at least 2 and real nodes hold dozens

// How many bytes a count up to `limit` takes (specification, "B-tree internal nodes").
int count_bytes(uint64_t limit) {
  return (std::bit_width(limit) - 1) / 8 + 1;
}

struct Level {
  uint64_t max_records;  // in one node
  uint64_t max_total;    // in a node and all below it
  int total_bytes;       // size of a field that counts max_total; 0 for leaves
};

struct Tree {
  const Image& image;
  uint8_t type;
  uint32_t node_bytes;
  uint16_t record_bytes;
  std::vector<Level> levels;  // from the leaves up
  std::vector<std::span<const std::byte>> records;
};

void read_node(Tree& tree, uint64_t address, uint64_t count, unsigned depth) {
  const Image& image = tree.image;
  Cursor cursor(image, image.at(address, tree.node_bytes, "a B-tree node"), "a B-tree node");
  cursor.signature(depth == 0 ? "BTLF" : "BTIN");
  cursor.expect(cursor.u8(), 0, "version");
  cursor.expect(cursor.u8(), tree.type, "type");
  if (count > tree.levels[depth].max_records) cursor.fail_value(count, "too many records:");
  if (tree.records.size() + count > image.bytes.size() / tree.record_bytes) {
    cursor.fail_value(count, "more records than the file can hold:");
  }
  Cursor records(image, cursor.take(count * tree.record_bytes), "a B-tree node");
  if (depth == 0) {
    for (uint64_t i = 0; i < count; ++i) tree.records.push_back(records.take(tree.record_bytes));
    return;
  }
  const int child_count_bytes = count_bytes(tree.levels[0].max_records);
  for (uint64_t i = 0; i <= count; ++i) {
    const uint64_t child = cursor.address();
    const uint64_t child_count = cursor.sized(child_count_bytes);
    cursor.sized(tree.levels[depth - 1].total_bytes);
    read_node(tree, child, child_count, depth - 1);
    if (i < count) tree.records.push_back(records.take(tree.record_bytes));
  }
}

void compute_levels(Tree& tree, unsigned depth) {
  const uint64_t usable = tree.node_bytes - kNodeOverhead;
  const uint64_t leaf = usable / tree.record_bytes;
  if (leaf == 0) {
    fail(ErrorCode::bad_file, tree.image.where, "a B-tree has nodes of {} bytes for records of {}",
         tree.node_bytes, tree.record_bytes);
  }
  tree.levels.push_back({leaf, leaf, 0});
  for (unsigned level = 1; level <= depth; ++level) {
    const Level& below = tree.levels.back();
    const uint64_t pointer_bytes =
        static_cast<uint64_t>(tree.image.offset_bytes + count_bytes(leaf) + below.total_bytes);
    if (usable < pointer_bytes) {
      fail(ErrorCode::bad_file, tree.image.where, "a B-tree of depth {} has nodes of {} bytes", depth,
           tree.node_bytes);
    }
    const uint64_t records = (usable - pointer_bytes) / (tree.record_bytes + pointer_bytes);
    uint64_t total = 0;
    if (__builtin_mul_overflow(records + 1, below.max_total, &total) ||
        __builtin_add_overflow(total, records, &total)) {
      total = ~uint64_t{0};
    }
    tree.levels.push_back({records, total, count_bytes(total)});
  }
}

}  // namespace

std::vector<std::span<const std::byte>> read_records(const Image& image, uint64_t address, uint8_t type) {
  Cursor cursor(image, image.from(address, 16, "a B-tree"), "a B-tree");
  cursor.signature("BTHD");
  cursor.expect(cursor.u8(), 0, "version");
  cursor.expect(cursor.u8(), type, "type");
  const uint32_t node_bytes = cursor.u32();
  const uint16_t record_bytes = cursor.u16();
  const uint16_t depth = cursor.u16();
  cursor.skip(2);  // when nodes split and merge
  const uint64_t root = cursor.address();
  const uint16_t root_count = cursor.u16();
  if (node_bytes <= kNodeOverhead || node_bytes > image.bytes.size())
    cursor.fail_value(node_bytes, "node size");
  if (record_bytes < 8) cursor.fail_value(record_bytes, "record size");
  if (depth > kMaxDepth) cursor.fail_value(depth, "depth");
  if (root == kUndefined) return {};
  Tree tree{image, type, node_bytes, record_bytes, {}, {}};
  compute_levels(tree, depth);
  read_node(tree, root, root_count, depth);
  return std::move(tree.records);
}

}  // namespace cornu::formats::hdf5
