// Which version of which file a model was made of: what a handle carries to another process.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "formats/model_file.h"

namespace cornu {

// A file as the system knows it. A file that is written again or replaced has another version.
struct FileVersion {
  uint64_t device = 0;
  uint64_t inode = 0;
  uint64_t size_bytes = 0;
  int64_t modified_ns = 0;  // since 1970

  bool operator==(const FileVersion&) const = default;
  static FileVersion of(const std::filesystem::path& path);  // throws not_found, io
};

// A checksum (CRC-32) of what was parsed: the config and the name, type and shape of every tensor.
uint32_t fingerprint(const formats::ModelFile& file);

struct Identity {
  std::string path;    // absolute
  std::string config;  // given beside a weights-only file, else empty
  int threads = 0;     // as asked for
  FileVersion version;
  uint32_t fingerprint = 0;

  bool operator==(const Identity&) const = default;
  std::string to_handle() const;
  static Identity from_handle(const std::string& handle);  // throws bad_argument
};

}  // namespace cornu
