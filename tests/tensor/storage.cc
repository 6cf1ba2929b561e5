#include "tensor/storage.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>

#include "support/expect_error.h"
#include "support/temporary_folder.h"

namespace cornu {
namespace {

std::string as_text(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

bool all_zero(std::span<const std::byte> bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](std::byte value) { return value == std::byte{0}; });
}

TEST(MapFile, shows_the_bytes_of_the_file_and_its_path) {
  const test::TemporaryFolder folder;
  const auto path = folder.write("a", std::string("with \0 inside", 13));
  const StoragePtr file = map_file(path);
  EXPECT_EQ(as_text(file->bytes()), std::string("with \0 inside", 13));
  EXPECT_EQ(file->kind(), StorageKind::mapped_file);
  EXPECT_EQ(file->name(), path.string());
}

TEST(MapFile, outlives_the_files_name) {
  const test::TemporaryFolder folder;
  const auto path = folder.write("a", "kept");
  const StoragePtr file = map_file(path);
  std::filesystem::remove(path);
  EXPECT_EQ(as_text(file->bytes()), "kept");
}

TEST(MapFile, a_missing_file_is_not_found) {
  const test::TemporaryFolder folder;
  test::expect_error(
      ErrorCode::not_found, [&] { map_file(folder.path() / "none"); }, "none");
  folder.write("a", "x");
  test::expect_error(ErrorCode::not_found, [&] { map_file(folder.path() / "a" / "b"); });
}

TEST(MapFile, a_folder_a_fifo_and_a_device_are_io) {
  const test::TemporaryFolder folder;
  const auto fifo = folder.path() / "fifo";
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  test::expect_error(
      ErrorCode::io, [&] { map_file(folder.path()); }, "directory");
  test::expect_error(
      ErrorCode::io, [&] { map_file(fifo); }, "not a regular file");
  test::expect_error(
      ErrorCode::io, [] { map_file("/dev/zero"); }, "not a regular file");
}

TEST(MapFile, an_empty_file_is_bad_file) {
  const test::TemporaryFolder folder;
  const auto path = folder.write("a", "");
  test::expect_error(
      ErrorCode::bad_file, [&] { map_file(path); }, "empty");
}

TEST(MapFile, an_unreadable_file_is_io) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may read every file";
  const test::TemporaryFolder folder;
  const auto path = folder.write("a", "x");
  ASSERT_EQ(::chmod(path.c_str(), 0), 0);
  test::expect_error(ErrorCode::io, [&] { map_file(path); });
}

TEST(HeapStorage, is_zeroed_aligned_and_writable_at_every_size) {
  for (const size_t size_bytes : {size_t{1}, size_t{63}, size_t{65536}, size_t{65537}, size_t{1} << 20}) {
    HeapStorage storage(size_bytes);
    EXPECT_EQ(storage.bytes().size(), size_bytes);
    EXPECT_EQ(reinterpret_cast<uintptr_t>(storage.data()) % 64, 0U);
    EXPECT_TRUE(all_zero(storage.bytes()));
    std::memset(storage.data(), 1, size_bytes);
    EXPECT_EQ(storage.bytes().back(), std::byte{1});
    EXPECT_EQ(storage.kind(), StorageKind::heap);
  }
  EXPECT_TRUE(HeapStorage(0).bytes().empty());
}

TEST(HeapStorage, more_than_the_system_has_is_out_of_memory) {
  test::expect_error(
      ErrorCode::out_of_memory, [] { HeapStorage storage(size_t{1} << 62); }, "bytes");
}

TEST(SharedStorage, another_mapping_of_its_descriptor_sees_the_same_bytes) {
  SharedStorage storage("weights", 10000);
  EXPECT_EQ(storage.kind(), StorageKind::shared_segment);
  EXPECT_EQ(storage.name(), "weights");
  EXPECT_TRUE(all_zero(storage.bytes()));
  storage.data()[9999] = std::byte{42};
  void* other = ::mmap(nullptr, 10000, PROT_READ, MAP_SHARED, storage.descriptor(), 0);
  ASSERT_NE(other, MAP_FAILED);
  EXPECT_EQ(static_cast<const std::byte*>(other)[9999], std::byte{42});
  ::munmap(other, 10000);
}

TEST(SharedStorage, may_be_empty_and_too_large_sizes_are_refused) {
  EXPECT_TRUE(SharedStorage("none", 0).bytes().empty());
  EXPECT_THROW(SharedStorage("huge", size_t{1} << 62), Error);
}

}  // namespace
}  // namespace cornu
