// OutputFile: a file that appears under its name complete or not at all.
#pragma once

#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <span>
#include <string>

namespace cornu {

// Written under a temporary name in the folder of `path`. commit() flushes it to the disk and gives it its
// name, replacing an older file; without commit() the destructor deletes it. A symbolic link is followed: the
// file it names is replaced. Not copied; one thread at a time.
class OutputFile {
 public:
  // Throws not_found when the folder does not exist, io when the system refuses or `path` exists and is no
  // regular file.
  explicit OutputFile(const std::filesystem::path& path);
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  void write(std::span<const std::byte> bytes);  // throws io
  std::FILE* stream() { return stream_; }  // for libraries that write themselves; stays open until commit()
  const std::filesystem::path& temporary_path() const { return temporary_; }
  void commit();  // throws io; at most once

 private:
  std::filesystem::path path_;
  std::filesystem::path temporary_;
  std::FILE* stream_ = nullptr;
};

}  // namespace cornu
