#include "base/cgroup.h"

#include <algorithm>

namespace cornu {
namespace {

namespace fs = std::filesystem;

// The limit of `group` below `mount` and of every group on the way up to the mount itself.
int64_t limit_up_to_mount(const fs::path& mount, std::string_view group, GroupLimit limit_of) {
  int64_t limit = limit_of(mount);
  fs::path path = mount;
  for (const fs::path& part : fs::path(group).relative_path()) {
    if (part == "..") return limit;  // a group outside of what this container sees
    path /= part;
    limit = std::min(limit, limit_of(path));
  }
  return limit;
}

bool has_controller(std::string_view controllers, std::string_view wanted) {
  while (!controllers.empty()) {
    const size_t comma = std::min(controllers.find(','), controllers.size());
    if (controllers.substr(0, comma) == wanted) return true;
    controllers.remove_prefix(std::min(comma + 1, controllers.size()));
  }
  return false;
}

}  // namespace

int64_t least_of_groups(const fs::path& mount, std::string_view groups, std::string_view controller,
                        GroupLimit version_2, GroupLimit version_1) {
  int64_t limit = kNoLimit;
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
      limit = std::min(limit, limit_up_to_mount(mount, group, version_2));
    } else if (has_controller(controllers, controller)) {
      limit = std::min(limit, limit_up_to_mount(mount / controllers, group, version_1));
    }
  }
  return limit;
}

}  // namespace cornu
