#include "base/memory_limit.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

#include "base/cgroup.h"

namespace cornu {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kKibi = 1024;

// The number behind `key` in lines of "key number"; 0 if there is none.
int64_t number_behind(std::istream& text, const std::string& key) {
  std::string word;
  while (text >> word) {
    int64_t number = 0;
    if (word == key && text >> number) return number;
  }
  return 0;
}

int64_t first_number(const fs::path& path) {
  std::ifstream file(path);
  int64_t number = 0;
  return file >> number ? number : -1;  // "max"
}

int64_t left(const fs::path& group, const char* limit_name, const char* used_name, const char* unused_key) {
  const int64_t limit = first_number(group / limit_name);
  const int64_t used = first_number(group / used_name);
  if (limit < 0 || used < 0) return kNoLimit;
  std::ifstream stat(group / "memory.stat");
  const int64_t unused = number_behind(stat, unused_key);
  return std::max<int64_t>(limit - std::max<int64_t>(used - unused, 0), 0);
}

int64_t left_of_v2(const fs::path& group) {
  return left(group, "memory.max", "memory.current", "inactive_file");
}

int64_t left_of_v1(const fs::path& group) {
  return left(group, "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file");
}

std::string text_of(const char* path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace

int64_t available_memory(std::string_view meminfo, const fs::path& mount, std::string_view groups) {
  std::istringstream text{std::string(meminfo)};
  const int64_t kibi = number_behind(text, "MemAvailable:");
  const int64_t system = kibi == 0 ? kNoLimit : kibi * kKibi;
  return std::min(system, least_of_groups(mount, groups, "memory", left_of_v2, left_of_v1));
}

int64_t available_memory() {
  return available_memory(text_of("/proc/meminfo"), "/sys/fs/cgroup", text_of("/proc/self/cgroup"));
}

}  // namespace cornu
