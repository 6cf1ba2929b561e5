#include "formats/bundle_writer.h"

#include <gtest/gtest.h>
#include <map>

#include "base/crc32c.h"
#include "formats/proto.h"
#include "formats/table.h"
#include "support/expect_error.h"
#include "support/temporary_folder.h"

namespace cornu::formats {
namespace {

struct Entry {
  int dtype = 0;
  std::vector<int64_t> shape;
  int64_t offset = 0;
  int64_t size = 0;
  uint32_t crc = 0;
};

Entry parse(const std::string& bytes) {
  Entry entry;
  protozero::pbf_reader message(bytes);
  while (message.next()) {
    switch (message.tag()) {
      case 1:
        entry.dtype = message.get_enum();
        break;
      case 2:
        for (auto shape = message.get_message(); shape.next(2);) {
          auto dim = shape.get_message();
          entry.shape.push_back(dim.next(1) ? dim.get_int64() : 0);
        }
        break;
      case 4:
        entry.offset = message.get_int64();
        break;
      case 5:
        entry.size = message.get_int64();
        break;
      case 6:
        entry.crc = message.get_fixed32();
        break;
      default:
        message.skip();
    }
  }
  return entry;
}

std::map<std::string, std::string> entries_of(const std::filesystem::path& path) {
  std::map<std::string, std::string> entries;
  const std::string bytes = test::read_bytes(path);
  read_table(std::as_bytes(std::span(bytes)), "index",
             [&](std::string_view key, std::string_view value) { entries[std::string(key)] = value; });
  return entries;
}

TEST(BundleWriter, the_index_tells_where_every_tensor_lies_and_its_checksum) {
  const test::TemporaryFolder folder;
  const std::vector<float> values = {1, 2, 3, 4, 5, 6};
  std::vector<NamedTensor> tensors = {{"b", tensor_of(values, {2, 3})}, {"a", scalar(7, DType::int32)}};
  for (int i = 0; i < 500; ++i)
    tensors.push_back({"many/" + std::to_string(i), scalar(i)});  // more than a block
  write_bundle(folder.path() / "v", tensors);
  const std::string data = test::read_bytes(folder.path() / "v.data-00000-of-00001");
  const auto entries = entries_of(folder.path() / "v.index");
  ASSERT_EQ(entries.size(), tensors.size() + 1);
  EXPECT_EQ(entries.at(""), std::string("\x08\x01\x1a\x02\x08\x01"));  // one shard, version 1
  for (const NamedTensor& tensor : tensors) {
    const Entry entry = parse(entries.at(tensor.name));
    EXPECT_EQ(entry.offset % 64, 0);
    ASSERT_EQ(entry.size, tensor.tensor.size_bytes());
    const std::string_view bytes =
        std::string_view(data).substr(static_cast<size_t>(entry.offset), static_cast<size_t>(entry.size));
    EXPECT_EQ(bytes, std::string_view(reinterpret_cast<const char*>(tensor.tensor.data), bytes.size()));
    EXPECT_EQ(entry.crc, masked_crc(crc32c(std::as_bytes(std::span(bytes.data(), bytes.size())))));
  }
  EXPECT_EQ(parse(entries.at("b")).shape, (std::vector<int64_t>{2, 3}));
  EXPECT_EQ(parse(entries.at("a")).dtype, 3);
}

TEST(BundleWriter, a_text_is_stored_with_its_length_and_the_checksum_of_the_length) {
  const test::TemporaryFolder folder;
  const std::vector<NamedTensor> tensors = {{"t", string_tensor({"abc"}, {})}};
  write_bundle(folder.path() / "v", tensors);
  const std::string data = test::read_bytes(folder.path() / "v.data-00000-of-00001");
  ASSERT_EQ(data.size(), 1U + 4 + 3);
  EXPECT_EQ(data[0], 3);
  EXPECT_EQ(data.substr(5), "abc");
}

TEST(BundleWriter, a_list_of_strings_is_stored_after_all_its_lengths) {
  const test::TemporaryFolder folder;
  const std::vector<NamedTensor> tensors = {{"t", string_tensor({"ab", "", "c"}, {3})}};
  write_bundle(folder.path() / "v", tensors);
  const std::string data = test::read_bytes(folder.path() / "v.data-00000-of-00001");
  ASSERT_EQ(data.size(), 3U + 4 + 3);
  EXPECT_EQ(data.substr(0, 3), std::string("\x02\x00\x01", 3));
  EXPECT_EQ(data.substr(7), "abc");
}

}  // namespace
}  // namespace cornu::formats
