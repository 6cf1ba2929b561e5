// Walks the control groups of a process.
#pragma once

#include <cstdint>
#include <filesystem>
#include <limits>
#include <string_view>

namespace cornu {

constexpr int64_t kNoLimit = std::numeric_limits<int64_t>::max();

// What one group allows; kNoLimit if it says nothing.
using GroupLimit = int64_t (*)(const std::filesystem::path& group);

// The least of what the groups of a process and all groups above them allow; kNoLimit if none says anything.
//   mount       where control groups are mounted: "/sys/fs/cgroup"
//   groups      the text of /proc/self/cgroup, one "id:controllers:path" a line
//   controller  of version 1: "cpu", "memory"
// A group whose files are missing or unreadable sets no limit: inside a container the path is often that of the host.
int64_t least_of_groups(const std::filesystem::path& mount, std::string_view groups,
                        std::string_view controller, GroupLimit version_2, GroupLimit version_1);

}  // namespace cornu
