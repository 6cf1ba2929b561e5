#include "base/cpu_limit.h"

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <string>

namespace cornu {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kMaxCores = 1024;  // no larger pool can be made

// Cores of `quota` microseconds in every `period`; 0 for no limit.
int cores_of(int64_t quota, int64_t period) {
  if (quota <= 0 || period <= 0) return 0;
  return static_cast<int>(std::min(kMaxCores, (quota - 1) / period + 1));
}

int limit_of_v2(const fs::path& group) {
  std::ifstream file(group / "cpu.max");
  int64_t quota = 0;
  int64_t period = 0;
  return file >> quota >> period ? cores_of(quota, period) : 0;  // "max 100000" stops at the word
}

int limit_of_v1(const fs::path& group) {
  std::ifstream quota_file(group / "cpu.cfs_quota_us");
  std::ifstream period_file(group / "cpu.cfs_period_us");
  int64_t quota = 0;
  int64_t period = 0;
  return quota_file >> quota && period_file >> period ? cores_of(quota, period) : 0;  // -1: no limit
}

int smaller_limit(int a, int b) {
  if (a == 0 || b == 0) return std::max(a, b);
  return std::min(a, b);
}

// The limit of `group` below `mount` and of every group on the way up to the mount itself.
int limit_up_to_mount(const fs::path& mount, std::string_view group, int (*limit_of)(const fs::path&)) {
  int limit = limit_of(mount);
  fs::path path = mount;
  for (const fs::path& part : fs::path(group).relative_path()) {
    if (part == "..") return limit;  // a group outside of what this container sees
    path /= part;
    limit = smaller_limit(limit, limit_of(path));
  }
  return limit;
}

bool has_cpu_controller(std::string_view controllers) {
  while (!controllers.empty()) {
    const size_t comma = std::min(controllers.find(','), controllers.size());
    if (controllers.substr(0, comma) == "cpu") return true;
    controllers.remove_prefix(std::min(comma + 1, controllers.size()));
  }
  return false;
}

}  // namespace

int cgroup_cpu_limit(const fs::path& mount, std::string_view groups) {
  int limit = 0;
  while (!groups.empty()) {
    const size_t end = std::min(groups.find('\n'), groups.size());
    const std::string_view line = groups.substr(0, end);
    groups.remove_prefix(std::min(end + 1, groups.size()));
    const size_t first = line.find(':');
    const size_t second = first == line.npos ? line.npos : line.find(':', first + 1);
    if (second == line.npos) continue;
    const std::string_view controllers = line.substr(first + 1, second - first - 1);
    const std::string_view group = line.substr(second + 1);
    if (controllers.empty()) {
      limit = smaller_limit(limit, limit_up_to_mount(mount, group, limit_of_v2));
    } else if (has_cpu_controller(controllers)) {
      limit = smaller_limit(limit, limit_up_to_mount(mount / controllers, group, limit_of_v1));
    }
  }
  return limit;
}

}  // namespace cornu
