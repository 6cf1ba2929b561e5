// Links of old groups: B-tree version 1, symbol table nodes, local heap.
#include "base/fail.h"
#include "formats/hdf5/link.h"

namespace cornu::formats::hdf5 {
namespace {

constexpr uint8_t kGroupNode = 0;                          // B-tree node type
constexpr uint32_t kSoftLink = 2;                          // symbol table entry's cache type
constexpr int kScratchBytes = 16;                          // at the end of a symbol table entry
constexpr int kMinEntryBytes = 2 + 2 + 8 + kScratchBytes;  // with the smallest addresses
constexpr uint8_t kMaxLevel = 32;  // a tree of that depth has more nodes than a file can hold

struct SymbolTable {
  const Image& image;
  std::span<const std::byte> names;  // the local heap's data
  std::vector<Link>& links;
};

// The data segment of a local heap.
std::span<const std::byte> read_local_heap(const Image& image, uint64_t address) {
  Cursor cursor(image, image.from(address, 8, "a local heap"), "a local heap");
  cursor.signature("HEAP");
  cursor.expect(cursor.u8(), 0, "version");
  cursor.skip(3);
  const uint64_t size = cursor.length();
  cursor.length();  // head of the free list
  return image.at(cursor.address(), size, "a local heap's data");
}

void read_symbol_node(SymbolTable& table, uint64_t address) {
  const Image& image = table.image;
  Cursor cursor(image, image.from(address, 8, "a symbol table node"), "a symbol table node");
  cursor.signature("SNOD");
  cursor.expect(cursor.u8(), 1, "version");
  cursor.skip(1);
  const uint16_t count = cursor.u16();
  image.visit(count * uint64_t{kMinEntryBytes});
  if (table.links.size() + count > image.bytes.size() / kMinEntryBytes) {
    cursor.fail_value(count, "more entries than the file can hold:");
  }
  for (uint16_t i = 0; i < count; ++i) {
    const uint64_t name = cursor.address();
    Link link;
    link.address = cursor.address();
    link.creation_order = kUndefined;
    if (cursor.u32() == kSoftLink) link.kind = LinkKind::soft;
    cursor.skip(4 + kScratchBytes);
    if (name >= table.names.size()) cursor.fail_value(name, "a name outside of the heap, at");
    link.name =
        terminated_text(image, table.names.subspan(static_cast<size_t>(name)), "a name in a local heap");
    table.links.push_back(link);
  }
}

// `level` of the root is unknown (-1); below it every step must go down by one, so that recursion ends.
void read_node(SymbolTable& table, uint64_t address, int level) {
  const Image& image = table.image;
  Cursor cursor(image, image.from(address, 8, "a B-tree node"), "a group's B-tree node");
  cursor.signature("TREE");
  cursor.expect(cursor.u8(), kGroupNode, "type");
  const uint8_t here = cursor.u8();
  if (level < 0 ? here > kMaxLevel : here != level) cursor.fail_value(here, "level");
  const uint16_t count = cursor.u16();
  cursor.address();  // left sibling
  cursor.address();  // right sibling
  for (uint16_t i = 0; i < count; ++i) {
    cursor.length();  // key: the first name of the child
    const uint64_t child = cursor.address();
    if (here > 0) {
      read_node(table, child, here - 1);
    } else {
      read_symbol_node(table, child);
    }
  }
}

}  // namespace

void read_symbol_table(const Image& image, std::span<const std::byte> message, std::vector<Link>& links) {
  Cursor cursor(image, message, "a symbol table message");
  const uint64_t tree = cursor.address();
  const std::span<const std::byte> names = read_local_heap(image, cursor.address());
  SymbolTable table{image, names, links};
  read_node(table, tree, -1);
}

}  // namespace cornu::formats::hdf5
