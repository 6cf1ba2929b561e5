#include "formats/table.h"

#include <gtest/gtest.h>

#include <map>

#include "cornu/error.h"
#include "support/make_table.h"

namespace cornu::formats {
namespace {

std::map<std::string, std::string> read(const std::string& file) {
  std::map<std::string, std::string> entries;
  read_table(std::as_bytes(std::span(file)), "table",
             [&](std::string_view key, std::string_view value) { entries.emplace(key, value); });
  return entries;
}

ErrorCode code_of(const std::string& file) {
  try {
    read(file);
  } catch (const Error& error) {
    return error.code();
  }
  return ErrorCode::internal;  // read without an error
}

const std::vector<std::pair<std::string, std::string>> kEntries = {
    {"", "header"}, {"a", ""}, {"bias", "123"}};

TEST(table, gives_its_entries) {
  const auto entries = read(test::make_table(kEntries));
  EXPECT_EQ(entries.size(), 3U);
  EXPECT_EQ(entries.at(""), "header");
  EXPECT_EQ(entries.at("bias"), "123");
}

TEST(table, cut_anywhere_is_bad_file) {
  const std::string file = test::make_table(kEntries);
  for (size_t size = 0; size < file.size(); ++size)
    EXPECT_EQ(code_of(file.substr(0, size)), ErrorCode::bad_file) << size;
}

TEST(table, a_flipped_bit_is_found_or_does_no_harm) {
  const std::string file = test::make_table(kEntries);
  const size_t blocks = file.size() - 48;
  for (size_t at = 0; at < file.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string flipped = file;
      flipped[at] = static_cast<char>(flipped[at] ^ 1 << bit);
      const ErrorCode code = code_of(flipped);
      if (at < blocks) EXPECT_NE(code, ErrorCode::internal) << "byte " << at << " is covered by a checksum";
    }
  }
}

TEST(table, entries_beyond_their_block_are_bad_file) {
  std::string block;
  test::put_varint(block, 0);
  test::put_varint(block, 1);
  test::put_varint(block, uint64_t{1} << 60);
  block += "k";
  test::put_fixed<uint32_t>(block, 0);
  test::put_fixed<uint32_t>(block, 1);
  block += '\0';
  test::put_fixed(block, masked_crc(crc32c(std::as_bytes(std::span(block)))));
  const std::string index = test::table_block({{"~", test::table_handle(0, block.size() - 5)}});
  std::string footer =
      test::table_handle(block.size(), index.size() - 5) + test::table_handle(block.size(), index.size() - 5);
  footer.resize(40, '\0');
  test::put_fixed<uint64_t>(footer, 0xdb4775248b80fb57);
  EXPECT_EQ(code_of(block + index + footer), ErrorCode::bad_file);
}

}  // namespace
}  // namespace cornu::formats
