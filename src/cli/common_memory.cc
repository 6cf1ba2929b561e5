#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "base/fail.h"
#include "cli/worker.h"

namespace cornu::cli {
namespace {

constexpr int64_t kKibi = 1024;  // smaps counts in KiB

// The number of a line such as "Private_Dirty:        12 kB"; 0 if it is another key.
int64_t field_bytes(std::string_view line, std::string_view key) {
  if (!line.starts_with(key)) return 0;
  return std::strtoll(line.data() + key.size(), nullptr, 10) * kKibi;
}

// The path of a line that opens a mapping, "55d0-55d1 r--p 00000000 fe:01 1234    /path"; empty if it has
// none.
std::string_view mapped_path(std::string_view line) {
  const size_t slash = line.find('/');
  return slash == std::string_view::npos ? std::string_view{} : line.substr(slash);
}

}  // namespace

int64_t private_bytes(const std::string& model) {
  std::ifstream smaps("/proc/self/smaps");
  if (!smaps) fail(ErrorCode::io, "/proc/self/smaps", "cannot be read, so the memory of a worker is unknown");
  const std::string path = std::filesystem::canonical(model).string();
  int64_t bytes = 0;
  bool counted = true;
  for (std::string line; std::getline(smaps, line);) {
    const size_t space = line.find(' ');
    const bool opens_mapping = space != std::string::npos && space > 0 && line[space - 1] != ':';
    if (opens_mapping) {
      const std::string_view mapped = mapped_path(line);
      counted = !(mapped == path || mapped.starts_with(path + "/"));  // a folder: the files below it
    } else if (counted) {
      bytes += field_bytes(line, "Private_Clean:") + field_bytes(line, "Private_Dirty:");
    }
  }
  return bytes;
}

}  // namespace cornu::cli
