#include "formats/zip_writer.h"

#include <gtest/gtest.h>

#include "base/output_file.h"
#include "formats/zip_archive.h"
#include "support/temporary_folder.h"

namespace cornu::formats {
namespace {

std::span<const std::byte> as_bytes(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

TEST(ZipWriter, every_content_starts_at_a_multiple_of_64_and_is_read_in_place) {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "a.zip";
  // Lengths of names and contents that make every remainder; the last has the fields of large entries.
  std::vector<std::pair<std::string, std::string>> entries;
  for (size_t i = 0; i < 80; ++i) entries.emplace_back(std::string(i + 1, 'n'), std::string(3 * i, 'c'));
  OutputFile file(path);
  ZipWriter zip(file.stream(), "a.zip");
  for (const auto& [name, content] : entries) {
    zip.begin(name, name.size() == 80);
    zip.write(as_bytes(content));
  }
  zip.finish();
  file.commit();

  const StoragePtr storage = map_file(path);
  ZipArchive archive(storage);
  ASSERT_EQ(archive.entries().size(), entries.size());
  for (const auto& [name, content] : entries) {
    const ZipEntry* entry = archive.find(name);
    ASSERT_NE(entry, nullptr) << name;
    EXPECT_EQ(archive.text(*entry, 1000), content);  // the checksum is verified
    const FileBytes bytes = archive.bytes(*entry, StorageKind::heap);
    EXPECT_TRUE(bytes.in_place);
    if (!content.empty()) EXPECT_EQ((bytes.bytes.data() - storage->bytes().data()) % 64, 0) << name;
  }
}

TEST(ZipWriter, no_content_starts_where_an_hdf5_file_in_a_file_would) {
  const test::TemporaryFolder folder;
  for (const size_t before : {300, 800, 900, 1900}) {
    OutputFile file(folder.path() / "a.zip");
    ZipWriter zip(file.stream(), "a.zip");
    zip.begin("x", false);
    zip.write(as_bytes(std::string(before, 'x')));
    zip.begin("model.weights.h5", false);
    zip.write(as_bytes("\x89HDF\r\n\x1a\n"));
    zip.finish();
    file.commit();
    const std::string bytes = test::read_bytes(folder.path() / "a.zip");
    const size_t at = bytes.find("\x89HDF");
    EXPECT_EQ(at % 64, 0U);
    for (const size_t forbidden : {512, 1024, 2048}) EXPECT_NE(at, forbidden);
  }
}

TEST(ZipWriter, equal_contents_give_equal_archives) {
  const test::TemporaryFolder folder;
  std::string made[2];
  for (std::string& bytes : made) {
    OutputFile file(folder.path() / "a.zip");
    ZipWriter zip(file.stream(), "a.zip");
    zip.begin("x", false);
    zip.write(as_bytes("content"));
    zip.finish();
    file.commit();
    bytes = test::read_bytes(folder.path() / "a.zip");
  }
  EXPECT_FALSE(made[0].empty());
  EXPECT_EQ(made[0], made[1]);
}

TEST(ZipWriter, without_finish_nothing_appears) {
  const test::TemporaryFolder folder;
  {
    OutputFile file(folder.path() / "a.zip");
    ZipWriter zip(file.stream(), "a.zip");
    zip.begin("x", false);
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

}  // namespace
}  // namespace cornu::formats
