// Writes small LevelDB tables and checkpoints for tests.
#pragma once

#include <cstring>
#include <protozero/pbf_writer.hpp>
#include <string>
#include <utility>
#include <vector>

#include "base/crc32c.h"

namespace cornu::test {

inline void put_varint(std::string& out, uint64_t value) {
  while (value >= 0x80) {
    out += static_cast<char>(value | 0x80);
    value >>= 7;
  }
  out += static_cast<char>(value);
}

template <class T>
void put_fixed(std::string& out, T value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof(T));
}

// A block with its trailer, without shared keys or compression.
inline std::string table_block(const std::vector<std::pair<std::string, std::string>>& entries) {
  std::string block;
  for (const auto& [key, value] : entries) {
    put_varint(block, 0);
    put_varint(block, key.size());
    put_varint(block, value.size());
    block += key + value;
  }
  put_fixed<uint32_t>(block, 0);  // one restart point, at 0
  put_fixed<uint32_t>(block, 1);
  block += '\0';
  const uint32_t crc = masked_crc(crc32c(std::as_bytes(std::span(block))));
  put_fixed(block, crc);
  return block;
}

inline std::string table_handle(uint64_t offset, uint64_t size) {
  std::string handle;
  put_varint(handle, offset);
  put_varint(handle, size);
  return handle;
}

// Entries in the order of their keys.
inline std::string make_table(const std::vector<std::pair<std::string, std::string>>& entries) {
  std::string file = table_block(entries);
  const std::string data = table_handle(0, file.size() - 5);
  const size_t index_at = file.size();
  const std::string index = table_block({{"~", data}});
  file += index;
  std::string footer = table_handle(index_at, index.size() - 5);  // stands for the meta index too
  footer += table_handle(index_at, index.size() - 5);
  footer.resize(40, '\0');
  put_fixed<uint64_t>(footer, 0xdb4775248b80fb57);
  return file + footer;
}

// BundleEntryProto of a tensor.
inline std::string bundle_entry(int type, const std::vector<int64_t>& sizes, int64_t shard, int64_t offset,
                                int64_t size) {
  std::string shape;
  protozero::pbf_writer dims(shape);
  for (int64_t dim : sizes) {
    std::string bytes;
    protozero::pbf_writer(bytes).add_int64(1, dim);
    dims.add_message(2, bytes);
  }
  std::string entry;
  protozero::pbf_writer writer(entry);
  writer.add_int32(1, type);
  writer.add_message(2, shape);
  writer.add_int64(3, shard);
  writer.add_int64(4, offset);
  writer.add_int64(5, size);
  return entry;
}

// BundleHeaderProto.
inline std::string bundle_header(int64_t shards, bool big_endian = false) {
  std::string header;
  protozero::pbf_writer writer(header);
  writer.add_int64(1, shards);
  if (big_endian) writer.add_int64(2, 1);
  return header;
}

}  // namespace cornu::test
