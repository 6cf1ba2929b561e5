// Which version of which file a model was made of: what a handle carries to another process.
//
// A handle is text of at most kMaxHandleBytes. Its second line tells which of three forms it has:
//   file     path and version of the file; good as long as the file is what it was
//   segment  the same for a model without a file (image.h): the path leads through the process that made the handle, so the
//            handle is good as long as that process lives (whoever attached meanwhile keeps the model)
//   long     the text of one of the above, too long by its path or config, lies in memory of the process that made the
//            handle, and is good as long as that process lives
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/descriptor.h"
#include "formats/model_file.h"
#include "runtime/dynamic.h"

namespace cornu {

constexpr size_t kMaxHandleBytes = 400;  // a pickle adds about 60 bytes, and may have 512

// A file as the system knows it. A file that is written again or replaced has another version. Of a folder, the sizes of all
// files below it and the latest change.
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

// A path of an open file, for this process only.
std::string own_path(const Descriptor& descriptor);

// Memory for a handle that is too long to travel, and the process that put it there.
struct LongHandle {
  pid_t process = 0;
  Descriptor memory;
};

struct Identity {
  std::string path;                               // absolute; of a segment: how this process opens it
  std::shared_ptr<const Descriptor> image;        // of a segment, else null
  std::string config;                             // given beside a weights-only file, else empty
  std::string signature;                          // of a SavedModel: the one that the model runs
  std::vector<std::string> tags, outputs, feeds;  // as LoadOptions had them
  int threads = 0;                                // as asked for
  runtime::RunLimits limits;                      // of loops
  FileVersion version;
  uint32_t fingerprint = 0;

  // The handle for other processes. `kept` holds a long one; the caller keeps it as long as the handle shall be good, and
  // lets one thread at a time in. Throws io.
  std::string to_handle(LongHandle& kept) const;
  // What a handle names, opened in this process if it has no file name. Throws bad_argument, not_found, io, bad_file.
  static Identity from_handle(const std::string& handle);
  // Throws bad_file, which says what differs, if the file is not that of `version`; not_found, io.
  void check_version() const;
};

}  // namespace cornu
