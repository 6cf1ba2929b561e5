// The memory that this process may still take.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

namespace cornu {

// Bytes that new memory may have before the system swaps, or a control group ends a process: the least of MemAvailable and of
// what the control group of the process, and every group above it, has left; pages of files that are not in use count as
// free. INT64_MAX if nothing is known.
//   meminfo  the text of /proc/meminfo
//   mount    where control groups are mounted: "/sys/fs/cgroup"
//   groups   the text of /proc/self/cgroup, one "id:controllers:path" a line
// Version 2 (memory.max, memory.current, memory.stat) and version 1 (memory.limit_in_bytes, memory.usage_in_bytes).
// Source: Linux, Documentation/admin-guide/cgroup-v2.rst (memory), cgroup-v1/memory.rst, filesystems/proc.rst
int64_t available_memory(std::string_view meminfo, const std::filesystem::path& mount,
                         std::string_view groups);

// The same for this process.
int64_t available_memory();

}  // namespace cornu
