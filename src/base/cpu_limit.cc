#include "base/cpu_limit.h"

#include <algorithm>
#include <cstdint>
#include <fstream>

#include "base/cgroup.h"

namespace cornu {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kMaxCores = 1024;  // no larger pool can be made

// Cores of `quota` microseconds in every `period`, rounded up.
int64_t cores_of(int64_t quota, int64_t period) {
  if (quota <= 0 || period <= 0) return kNoLimit;
  return std::min(kMaxCores, (quota - 1) / period + 1);
}

int64_t limit_of_v2(const fs::path& group) {
  std::ifstream file(group / "cpu.max");
  int64_t quota = 0;
  int64_t period = 0;
  return file >> quota >> period ? cores_of(quota, period) : kNoLimit;  // "max 100000" stops at the word
}

int64_t limit_of_v1(const fs::path& group) {
  std::ifstream quota_file(group / "cpu.cfs_quota_us");
  std::ifstream period_file(group / "cpu.cfs_period_us");
  int64_t quota = 0;
  int64_t period = 0;
  return quota_file >> quota && period_file >> period ? cores_of(quota, period) : kNoLimit;  // -1: no limit
}

}  // namespace

int cgroup_cpu_limit(const fs::path& mount, std::string_view groups) {
  const int64_t limit = least_of_groups(mount, groups, "cpu", limit_of_v2, limit_of_v1);
  return limit == kNoLimit ? 0 : static_cast<int>(limit);
}

}  // namespace cornu
