#include "base/cpu_limit.h"

#include <gtest/gtest.h>

#include <fstream>

#include "support/temporary_folder.h"

namespace cornu {
namespace {

using test::TemporaryFolder;

TEST(CpuLimit, no_control_group_is_no_limit) {
  const TemporaryFolder folder;
  EXPECT_EQ(cgroup_cpu_limit(folder.path(), ""), 0);
  EXPECT_EQ(cgroup_cpu_limit(folder.path(), "0::/not/there\n"), 0);
  EXPECT_EQ(cgroup_cpu_limit(folder.path(), "no colons at all\n:\n::"), 0);
}

TEST(CpuLimit, version_2_rounds_the_quota_up_to_cores) {
  const TemporaryFolder folder;
  folder.write("a/cpu.max", "250000 100000\n");
  EXPECT_EQ(cgroup_cpu_limit(folder.path(), "0::/a\n"), 3);
  folder.write("a/cpu.max", "1 100000\n");
  EXPECT_EQ(cgroup_cpu_limit(folder.path(), "0::/a\n"), 1);
}

TEST(CpuLimit, version_2_max_is_no_limit) {
  const TemporaryFolder folder;
  folder.write("cpu.max", "max 100000\n");
  EXPECT_EQ(cgroup_cpu_limit(folder.path(), "0::/\n"), 0);
}

TEST(CpuLimit, the_smallest_limit_on_the_way_up_counts) {
  const TemporaryFolder folder;
  folder.write("a/cpu.max", "200000 100000\n");
  folder.write("a/b/cpu.max", "400000 100000\n");
  EXPECT_EQ(cgroup_cpu_limit(folder.path(), "0::/a/b\n"), 2);
}

TEST(CpuLimit, a_group_outside_of_the_mount_leaves_the_mounts_own_limit) {
  const TemporaryFolder folder;
  folder.write("cpu.max", "300000 100000\n");
  EXPECT_EQ(cgroup_cpu_limit(folder.path(), "0::/../../host\n"), 3);
}

TEST(CpuLimit, version_1_reads_quota_and_period_of_the_cpu_controller_only) {
  const TemporaryFolder folder;
  folder.write("cpu,cpuacct/x/cpu.cfs_quota_us", "150000\n");
  folder.write("cpu,cpuacct/x/cpu.cfs_period_us", "50000\n");
  folder.write("cpuset/x/cpu.cfs_quota_us", "50000\n");
  folder.write("cpuset/x/cpu.cfs_period_us", "50000\n");
  EXPECT_EQ(cgroup_cpu_limit(folder.path(), "5:cpuset:/x\n4:cpu,cpuacct:/x\n"), 3);
  folder.write("cpu,cpuacct/x/cpu.cfs_quota_us", "-1\n");
  EXPECT_EQ(cgroup_cpu_limit(folder.path(), "4:cpu,cpuacct:/x\n"), 0);
}

TEST(CpuLimit, absurd_files_set_no_limit_or_the_largest) {
  const TemporaryFolder folder;
  folder.write("cpu.max", "9223372036854775807 1\n");
  EXPECT_EQ(cgroup_cpu_limit(folder.path(), "0::/\n"), 1024);
  folder.write("cpu.max", "100000 0\n");
  EXPECT_EQ(cgroup_cpu_limit(folder.path(), "0::/\n"), 0);
  folder.write("cpu.max", "99999999999999999999999 1\n");
  EXPECT_EQ(cgroup_cpu_limit(folder.path(), "0::/\n"), 0);
}

}  // namespace
}  // namespace cornu
