#include "formats/zip_archive.h"

#include <gtest/gtest.h>

#include <cstring>

#include "support/expect_error.h"
#include "support/make_zip.h"
#include "support/temporary_folder.h"

namespace cornu::formats {
namespace {

namespace fs = std::filesystem;

fs::path write_zip(const test::TemporaryFolder& folder, const std::vector<test::ZipItem>& items) {
  const fs::path path = folder.path() / "a.zip";
  test::make_zip(path, items);
  return path;
}

std::string as_text(const FileBytes& content) {
  return {reinterpret_cast<const char*>(content.bytes.data()), content.bytes.size()};
}

// Replaces the first or last occurrence of `from` in the file by `to`, of equal length.
void patch(const fs::path& path, const std::string& from, const std::string& to, bool last) {
  std::string bytes = test::read_bytes(path);
  const size_t at = last ? bytes.rfind(from) : bytes.find(from);
  ASSERT_NE(at, bytes.npos);
  bytes.replace(at, to.size(), to);
  std::ofstream(path, std::ios::binary) << bytes;
}

TEST(ZipArchive, stored_entries_are_views_of_the_mapped_file) {
  const test::TemporaryFolder folder;
  const StoragePtr file = map_file(write_zip(folder, {{"a", "first"}, {"b/c", "second"}, {"b/", ""}}));
  ZipArchive archive(file);
  ASSERT_EQ(archive.entries().size(), 2U) << "folders are no files";
  EXPECT_EQ(archive.entries()[0].name, "a");
  const FileBytes content = archive.bytes(*archive.find("b/c"), StorageKind::shared_segment);
  EXPECT_EQ(as_text(content), "second");
  EXPECT_TRUE(content.in_place);
  EXPECT_EQ(content.owner, file);
  EXPECT_GE(content.bytes.data(), file->bytes().data());
  EXPECT_EQ(archive.find("c"), nullptr);
}

TEST(ZipArchive, deflated_entries_are_unpacked_into_the_wanted_memory) {
  const test::TemporaryFolder folder;
  const std::string content(100000, 'x');
  for (const StorageKind kind : {StorageKind::heap, StorageKind::shared_segment}) {
    ZipArchive archive(map_file(write_zip(folder, {{"a", content, true}})));
    const FileBytes unpacked = archive.bytes(*archive.find("a"), kind);
    EXPECT_EQ(as_text(unpacked), content);
    EXPECT_FALSE(unpacked.in_place);
    EXPECT_EQ(std::static_pointer_cast<const Storage>(unpacked.owner)->kind(), kind);
  }
}

TEST(ZipArchive, text_is_read_whole_and_checked) {
  const test::TemporaryFolder folder;
  const fs::path path =
      write_zip(folder, {{"a", "some text"}, {"b", "packed text", true}, {"none", ""}, {"packed", "", true}});
  ZipArchive archive(map_file(path));
  EXPECT_EQ(archive.text(*archive.find("a"), 9), "some text");
  EXPECT_EQ(archive.text(*archive.find("b"), 1000), "packed text");
  EXPECT_EQ(archive.text(*archive.find("none"), 0), "");
  EXPECT_EQ(archive.text(*archive.find("packed"), 0), "");
  test::expect_error(
      ErrorCode::bad_file, [&] { archive.text(*archive.find("a"), 8); }, "at most 8");
  patch(path, "some text", "some tent", false);
  ZipArchive damaged(map_file(path));
  test::expect_error(
      ErrorCode::bad_file, [&] { damaged.text(*damaged.find("a"), 100); }, "a.zip:/a: the checksum is wrong");
  EXPECT_EQ(as_text(damaged.bytes(*damaged.find("a"), StorageKind::heap)), "some tent")
      << "not read, so not checked";
}

TEST(ZipArchive, an_archive_of_nothing_has_no_entries) {
  const test::TemporaryFolder folder;
  EXPECT_TRUE(ZipArchive(map_file(write_zip(folder, {}))).entries().empty());
}

TEST(ZipArchive, names_that_lead_outside_are_bad_file) {
  const test::TemporaryFolder folder;
  for (const char* name :
       {"../a", "a/../../b", "a/..", "..", "/etc/passwd", "..\\a", "a\\..\\b", "\\a", "C:\\a", "C:a"}) {
    const fs::path path = write_zip(folder, {{"fine", ""}, {name, "x"}});
    test::expect_error(
        ErrorCode::bad_file, [&] { ZipArchive archive(map_file(path)); }, "leads outside");
  }
  EXPECT_EQ(ZipArchive(map_file(write_zip(folder, {{"a..b", ""}, {"...", ""}, {".a", ""}}))).entries().size(),
            3U);
}

TEST(ZipArchive, two_entries_of_one_name_are_bad_file) {
  const test::TemporaryFolder folder;
  const fs::path path = write_zip(folder, {{"a", "1"}, {"b", "2"}, {"a", "3"}});
  test::expect_error(
      ErrorCode::bad_file, [&] { ZipArchive archive(map_file(path)); }, "two entries named \"a\"");
}

TEST(ZipArchive, a_symbolic_link_is_bad_file) {
  const test::TemporaryFolder folder;
  const fs::path path = write_zip(folder, {{"a", "/etc/passwd", false, 0120777}});
  test::expect_error(
      ErrorCode::bad_file, [&] { ZipArchive archive(map_file(path)); }, "symbolic link");
  EXPECT_EQ(ZipArchive(map_file(write_zip(folder, {{"a", "", false, 0100644}}))).entries().size(), 1U);
}

TEST(ZipArchive, encrypted_entries_other_methods_and_disks_are_unsupported) {
  const test::TemporaryFolder folder;
  const fs::path path = write_zip(folder, {{"a", "text"}});
  const std::string bytes = test::read_bytes(path);
  const size_t at = bytes.find("PK\1\2");
  const auto with_byte = [&](size_t offset, char value) {
    std::string changed = bytes;
    changed[at + offset] = value;
    std::ofstream(path, std::ios::binary) << changed;
  };
  with_byte(8, 1);
  test::expect_error(
      ErrorCode::unsupported, [&] { ZipArchive archive(map_file(path)); }, "encrypted");
  with_byte(34, 1);
  test::expect_error(
      ErrorCode::unsupported, [&] { ZipArchive archive(map_file(path)); }, "several disks");
  with_byte(10, 14);  // LZMA
  ZipArchive archive(map_file(path));
  test::expect_error(
      ErrorCode::unsupported, [&] { archive.bytes(*archive.find("a"), StorageKind::heap); }, "method 14");
}

TEST(ZipArchive, an_archive_that_says_it_is_one_of_several_disks_is_bad_file) {
  const test::TemporaryFolder folder;
  const fs::path path = write_zip(folder, {{"a", "text"}});
  patch(path, std::string("PK\5\6\0\0", 6), std::string("PK\5\6\1\0", 6), true);
  test::expect_error(
      ErrorCode::bad_file, [&] { ZipArchive archive(map_file(path)); }, "divided over several disks");
}

// Sets the packed and unpacked size of the only entry, in the directory and in the entry's own header.
void patch_sizes(const fs::path& path, uint32_t packed, uint32_t unpacked) {
  std::string bytes = test::read_bytes(path);
  const size_t directory = bytes.find("PK\1\2");
  for (const auto& [at, value] : {std::pair{size_t{18}, packed},
                                  {size_t{22}, unpacked},
                                  {directory + 20, packed},
                                  {directory + 24, unpacked}}) {
    std::memcpy(bytes.data() + at, &value, sizeof value);
  }
  std::ofstream(path, std::ios::binary) << bytes;
}

void expect_bad_sizes(const fs::path& path, const char* text) {
  ZipArchive archive(map_file(path));
  test::expect_error(
      ErrorCode::bad_file, [&] { archive.bytes(*archive.find("a"), StorageKind::shared_segment); }, text);
  test::expect_error(
      ErrorCode::bad_file, [&] { archive.text(*archive.find("a"), INT64_MAX); }, text);
}

TEST(ZipArchive, sizes_beyond_the_archive_are_bad_file) {
  const test::TemporaryFolder folder;
  const fs::path path = write_zip(folder, {{"a", "0123456789"}});
  patch_sizes(path, 1000000, 1000000);
  expect_bad_sizes(path, "the whole archive has");
  patch_sizes(path, 100, 100);
  expect_bad_sizes(path, "past the archive's end");
  patch_sizes(path, 10, 9);
  expect_bad_sizes(path, "is stored, but");
}

TEST(ZipArchive, a_decompression_bomb_is_bad_file_before_memory_is_taken) {
  const test::TemporaryFolder folder;
  const fs::path path = write_zip(folder, {{"a", std::string(1000, 'x'), true}});
  patch_sizes(path, 12, 0xfffffffe);
  expect_bad_sizes(path, "decompression bomb");
}

TEST(ZipArchive, content_that_unpacks_to_less_than_declared_is_bad_file) {
  const test::TemporaryFolder folder;
  const fs::path path = write_zip(folder, {{"a", std::string(1000, 'x'), true}});
  const auto packed = static_cast<uint32_t>(ZipArchive(map_file(path)).find("a")->packed_bytes);
  patch_sizes(path, packed, 1001);
  {
    ZipArchive archive(map_file(path));
    test::expect_error(
        ErrorCode::bad_file, [&] { archive.text(*archive.find("a"), 5000); }, "stops after 1000 of 1001");
  }
  patch_sizes(path, packed, 999);
  ZipArchive archive(map_file(path));
  test::expect_error(
      ErrorCode::bad_file, [&] { archive.text(*archive.find("a"), 5000); }, "checksum");
}

TEST(ZipArchive, contents_that_overlap_are_bad_file) {
  const test::TemporaryFolder folder;
  const fs::path path = write_zip(folder, {{"a", "same", false}, {"b", "same", false}});
  std::string bytes = test::read_bytes(path);
  const size_t second = bytes.rfind("PK\1\2");  // b's directory entry now names a's content
  std::memset(bytes.data() + second + 42, 0, 4);
  std::ofstream(path, std::ios::binary) << bytes;
  ZipArchive archive(map_file(path));
  EXPECT_EQ(as_text(archive.bytes(*archive.find("a"), StorageKind::heap)), "same");
  EXPECT_EQ(as_text(archive.bytes(*archive.find("a"), StorageKind::heap)), "same")
      << "the same entry may be read twice";
  test::expect_error(
      ErrorCode::bad_file, [&] { archive.bytes(*archive.find("b"), StorageKind::heap); }, "overlaps");
}

TEST(ZipArchive, messages_show_names_on_one_line) {
  const test::TemporaryFolder folder;
  const fs::path path = write_zip(folder, {{"a\nb\x1b[31m", "1"}, {"../\n", "1"}});
  test::expect_error(
      ErrorCode::bad_file, [&] { ZipArchive archive(map_file(path)); }, "\"../\\x0a\"");
}

}  // namespace
}  // namespace cornu::formats
