// ZipWriter: a zip archive of stored entries whose contents lie at multiples of 64 bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <span>
#include <string>

namespace cornu::formats {

// Not copied; one thread at a time. Entries carry the date 1980-01-01, so that equal contents give equal archives.
class ZipWriter {
 public:
  // Writes to a seekable stream from its position on, which must be the start of the file; the stream stays open. `name`
  // is for messages. Throws out_of_memory.
  ZipWriter(std::FILE* stream, std::string name);
  ~ZipWriter();
  ZipWriter(const ZipWriter&) = delete;
  ZipWriter& operator=(const ZipWriter&) = delete;

  // Starts an entry; the one before is finished. `may_be_large`: contents of 4 GiB and more. Throws io.
  void begin(const std::string& entry, bool may_be_large);
  void write(std::span<const std::byte> bytes);  // content of the entry; throws io
  void finish();  // the directory; throws io. Without it the archive is incomplete

 private:
  void check(int status) const;
  void close_entry();

  std::FILE* stream_;
  std::string name_;
  void* zip_;  // minizip's zipFile
  bool in_entry_ = false;
};

}  // namespace cornu::formats
