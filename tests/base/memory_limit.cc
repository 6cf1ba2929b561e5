#include "base/memory_limit.h"

#include <gtest/gtest.h>

#include <cstdint>

#include "support/temporary_folder.h"

namespace cornu {
namespace {

constexpr const char* kMeminfo =
    "MemTotal:       16000 kB\nMemFree:         1000 kB\nMemAvailable:    8000 kB\n";

TEST(MemoryLimit, without_control_groups_the_system_decides) {
  const test::TemporaryFolder folder;
  EXPECT_EQ(available_memory(kMeminfo, folder.path(), "0::/a\n"), 8000 * 1024);
  EXPECT_EQ(available_memory("", folder.path(), ""), INT64_MAX);
}

TEST(MemoryLimit, version_2_leaves_the_limit_less_what_is_in_use) {
  const test::TemporaryFolder folder;
  folder.write("a/memory.max", "5000000\n");
  folder.write("a/memory.current", "4500000\n");
  folder.write("a/memory.stat", "anon 1000000\ninactive_file 1500000\nactive_file 7\n");
  EXPECT_EQ(available_memory(kMeminfo, folder.path(), "0::/a\n"), 2000000);
  folder.write("a/memory.max", "max\n");
  EXPECT_EQ(available_memory(kMeminfo, folder.path(), "0::/a\n"), 8000 * 1024);
  folder.write("a/memory.max", "1000000\n");
  EXPECT_EQ(available_memory(kMeminfo, folder.path(), "0::/a\n"), 0);
}

TEST(MemoryLimit, version_1_is_read_under_its_own_names) {
  const test::TemporaryFolder folder;
  folder.write("memory/x/memory.limit_in_bytes", "5000000\n");
  folder.write("memory/x/memory.usage_in_bytes", "3000000\n");
  EXPECT_EQ(available_memory(kMeminfo, folder.path(), "9:memory:/x\n"), 2000000);
}

TEST(MemoryLimit, this_process_has_memory) {
  EXPECT_GT(available_memory(), 0);
}

}  // namespace
}  // namespace cornu
