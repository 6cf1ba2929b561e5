#include "base/cgroup.h"

#include <gtest/gtest.h>

#include <fstream>

#include "support/temporary_folder.h"

namespace cornu {
namespace {

int64_t number_in(const std::filesystem::path& path) {
  std::ifstream file(path);
  int64_t number = 0;
  return file >> number ? number : kNoLimit;
}
int64_t version_2(const std::filesystem::path& group) {
  return number_in(group / "two");
}
int64_t version_1(const std::filesystem::path& group) {
  return number_in(group / "one");
}

TEST(Cgroup, the_least_of_a_group_and_those_above_it_counts) {
  const test::TemporaryFolder folder;
  folder.write("two", "70");
  folder.write("a/two", "50");
  folder.write("a/b/two", "60");
  folder.write("a/c/two", "1");
  EXPECT_EQ(least_of_groups(folder.path(), "0::/a/b\n", "cpu", version_2, version_1), 50);
  EXPECT_EQ(least_of_groups(folder.path(), "0::/\n", "cpu", version_2, version_1), 70);
  EXPECT_EQ(least_of_groups(folder.path(), "0::/../x\n", "cpu", version_2, version_1), 70);
}

TEST(Cgroup, version_1_is_asked_for_its_controller_only) {
  const test::TemporaryFolder folder;
  folder.write("memory/x/one", "5");
  folder.write("cpu,cpuacct/x/one", "3");
  const char* groups = "7:memory:/x\n4:cpu,cpuacct:/x\n";
  EXPECT_EQ(least_of_groups(folder.path(), groups, "cpu", version_2, version_1), 3);
  EXPECT_EQ(least_of_groups(folder.path(), groups, "memory", version_2, version_1), 5);
  EXPECT_EQ(least_of_groups(folder.path(), groups, "blkio", version_2, version_1), kNoLimit);
}

TEST(Cgroup, nothing_readable_is_no_limit) {
  const test::TemporaryFolder folder;
  for (const char* groups : {"", "nonsense", ":\n::\n", "0::/not/there\n"})
    EXPECT_EQ(least_of_groups(folder.path(), groups, "cpu", version_2, version_1), kNoLimit);
}

}  // namespace
}  // namespace cornu
