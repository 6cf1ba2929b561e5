// The CPU quota that Linux control groups put on a process (containers: "2.5 cores").
#pragma once

#include <filesystem>
#include <string_view>

namespace cornu {

// The smallest quota, in cores rounded up, of the process's control group and all groups above it; 0 if there
// is none.
//   mount   where control groups are mounted: "/sys/fs/cgroup"
//   groups  the text of /proc/self/cgroup, one "id:controllers:path" a line
// Version 2 (cpu.max) and version 1 (cpu.cfs_quota_us, cpu.cfs_period_us). A file that is missing or that
// cannot be read sets no limit: inside a container the path is often that of the host and does not exist.
// Source: Linux, Documentation/admin-guide/cgroup-v2.rst (cpu.max) and scheduler/sched-bwc.rst
int cgroup_cpu_limit(const std::filesystem::path& mount, std::string_view groups);

}  // namespace cornu
