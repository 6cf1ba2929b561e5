#include "base/output_file.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <vector>

#include "support/expect_error.h"
#include "support/temporary_folder.h"

namespace cornu {
namespace {

namespace fs = std::filesystem;
using test::TemporaryFolder;

std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text));
}

size_t files_in(const fs::path& folder) {
  return static_cast<size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

TEST(OutputFile, appears_only_when_it_is_committed) {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "a";
  OutputFile file(path);
  file.write(bytes_of("one "));
  file.write(bytes_of("two"));
  EXPECT_FALSE(fs::exists(path));
  file.commit();
  EXPECT_EQ(test::read_bytes(path), "one two");
  EXPECT_EQ(files_in(folder.path()), 1U);
}

TEST(OutputFile, leaves_nothing_behind_when_it_is_not_committed) {
  const TemporaryFolder folder;
  const fs::path path = folder.write("a", "old");
  {
    OutputFile file(path);
    file.write(bytes_of("new"));
  }
  EXPECT_EQ(test::read_bytes(path), "old");
  EXPECT_EQ(files_in(folder.path()), 1U);
}

TEST(OutputFile, two_at_a_time_for_one_name_do_not_mix) {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "a";
  OutputFile first(path);
  OutputFile second(path);
  first.write(bytes_of("first"));
  second.write(bytes_of("second"));
  first.commit();
  second.commit();
  EXPECT_EQ(test::read_bytes(path), "second");
  EXPECT_EQ(files_in(folder.path()), 1U);
}

TEST(OutputFile, a_link_is_followed_and_stays) {
  const TemporaryFolder folder;
  const fs::path target = folder.write("sub/target", "old");
  const fs::path link = folder.path() / "link";
  fs::create_symlink("sub/target", link);
  OutputFile file(link);
  file.write(bytes_of("new"));
  file.commit();
  EXPECT_TRUE(fs::is_symlink(link));
  EXPECT_EQ(test::read_bytes(target), "new");
}

TEST(OutputFile, a_circle_of_links_is_io) {
  const TemporaryFolder folder;
  fs::create_symlink("b", folder.path() / "a");
  fs::create_symlink("a", folder.path() / "b");
  test::expect_error(
      ErrorCode::io, [&] { OutputFile file(folder.path() / "a"); }, "link");
}

TEST(OutputFile, a_missing_folder_is_not_found) {
  const TemporaryFolder folder;
  test::expect_error(ErrorCode::not_found, [&] { OutputFile file(folder.path() / "no" / "a"); });
}

TEST(OutputFile, a_folder_a_device_or_a_fifo_is_not_replaced) {
  const TemporaryFolder folder;
  const fs::path fifo = folder.path() / "fifo";
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  for (const fs::path& path : {folder.path(), fs::path("/dev/null"), fifo}) {
    test::expect_error(
        ErrorCode::io, [&] { OutputFile file(path); }, "not a regular file");
  }
}

TEST(OutputFile, a_full_disk_is_io_and_keeps_the_old_file) {
  const TemporaryFolder folder;
  const fs::path path = folder.write("a", "old");
  struct rlimit before {};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  struct rlimit small = before;
  small.rlim_cur = 1000;
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  const std::vector<std::byte> big(100000);
  const auto write_all = [&] {
    OutputFile file(path);
    file.write(big);
    file.commit();
  };
  test::expect_error(ErrorCode::io, write_all, "cannot write");
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  EXPECT_EQ(test::read_bytes(path), "old");
  EXPECT_EQ(files_in(folder.path()), 1U);
}

}  // namespace
}  // namespace cornu
