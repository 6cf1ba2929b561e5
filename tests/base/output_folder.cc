#include "base/output_folder.h"

#include <gtest/gtest.h>

#include <fstream>

#include "support/expect_error.h"
#include "support/temporary_folder.h"

namespace cornu {
namespace {

namespace fs = std::filesystem;

void write_mark(const fs::path& folder, const std::string& text) {
  std::ofstream(folder / "mark") << text;
}

int64_t entries(const fs::path& folder) {
  return std::distance(fs::directory_iterator(folder), fs::directory_iterator());
}

TEST(OutputFolder, a_folder_appears_when_it_is_committed_and_replaces_one_of_its_kind) {
  const test::TemporaryFolder folder;
  const fs::path path = folder.path() / "made";
  for (const char* text : {"first", "second"}) {
    OutputFolder made(path, "mark");
    write_mark(made.temporary_path(), text);
    made.commit();
    EXPECT_EQ(test::read_bytes(path / "mark"), text);
    EXPECT_EQ(entries(folder.path()), 1);
  }
}

TEST(OutputFolder, nothing_is_left_without_a_commit) {
  const test::TemporaryFolder folder;
  {
    const OutputFolder made(folder.path() / "made", "mark");
    write_mark(made.temporary_path(), "text");
  }
  EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST(OutputFolder, what_is_of_another_kind_is_io_and_stays) {
  const test::TemporaryFolder folder;
  folder.write("other/file", "mine");
  test::expect_error(
      ErrorCode::io, [&] { OutputFolder(folder.path() / "other", "mark"); }, "holds no mark");
  folder.write("file", "mine");
  test::expect_error(
      ErrorCode::io, [&] { OutputFolder(folder.path() / "file", "mark"); }, "holds no mark");
  EXPECT_EQ(entries(folder.path()), 2);
}

TEST(OutputFolder, a_parent_that_is_not_there_is_not_found) {
  const test::TemporaryFolder folder;
  test::expect_error(ErrorCode::not_found, [&] { OutputFolder(folder.path() / "no" / "made", "mark"); });
}

}  // namespace
}  // namespace cornu
