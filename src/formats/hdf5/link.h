// Link: a name in a group, and the readers of the three ways in which groups store names.
// Source: docs/formats/hdf5.md, sections "Old groups" and "New groups"
#pragma once

#include <string_view>
#include <vector>

#include "formats/hdf5/object.h"

namespace cornu::formats::hdf5 {

enum class LinkKind : uint8_t { hard, soft, external, user_defined };

struct Link {
  std::string_view name;  // lies in the file
  LinkKind kind = LinkKind::hard;
  uint64_t address = 0;         // of the object header; of hard links only
  uint64_t creation_order = 0;  // kUndefined if the file does not track it
};

// Each appends to `links`; throws bad_file for damage and for more links than the bytes can hold,
// unsupported. Old groups: `message` is the symbol table message (a B-tree of nodes and a heap of names).
void read_symbol_table(const Image& image, std::span<const std::byte> message, std::vector<Link>& links);
// New groups: `message` is one link message, stored in the header or in a fractal heap.
void read_link_message(const Image& image, std::span<const std::byte> message, std::vector<Link>& links);
// New groups with many links: `message` is the link info message, which points to the fractal heap.
void read_dense_links(const Image& image, std::span<const std::byte> message, std::vector<Link>& links);

}  // namespace cornu::formats::hdf5
