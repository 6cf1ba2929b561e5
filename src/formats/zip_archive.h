// ZipArchive: the entries of a zip file in memory, used where they lie when they are stored.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tensor/storage.h"

namespace cornu::formats {

struct ZipEntry {
  std::string name;           // as the archive has it; a relative path without "..", unique in the archive
  int64_t size_bytes = 0;     // of the content, as declared
  int64_t packed_bytes = 0;   // in the archive
  uint32_t method = 0;        // 0: stored, 8: deflated; others can be listed only
  uint32_t checksum = 0;      // CRC-32 of the content
  uint64_t directory_at = 0;  // where minizip finds the entry again
  uint64_t number = 0;
};

// Bytes and a share in their owner. in_place: they are pages of a mapped file.
struct FileBytes {
  std::span<const std::byte> bytes;
  std::shared_ptr<const void> owner;
  bool in_place = false;
};

// Reads the directory when made; nothing else. Refuses, each with a message of its own: a damaged or divided
// archive, names that leave the archive, duplicate names, symbolic links, encrypted entries. Not copied; one
// thread at a time. Errors: bad_file, unsupported; where = "path" or "path:/entry". Source:
// docs/formats/keras_zip.md; APPNOTE.TXT 6.3.10, read by minizip.
class ZipArchive {
 public:
  explicit ZipArchive(StoragePtr file);
  ~ZipArchive();
  ZipArchive(const ZipArchive&) = delete;
  ZipArchive& operator=(const ZipArchive&) = delete;

  std::span<const ZipEntry> entries() const { return entries_; }  // files only, in the directory's order
  const ZipEntry* find(std::string_view name) const;              // null if there is none
  std::string where(const ZipEntry& entry) const;                 // "path:/entry", one line

  // The content: a view of the archive if the entry is stored (its checksum is not looked at, so no page is
  // touched), else inflated into memory of `kind` (heap or shared_segment) and checked. Contents may not
  // overlap in the archive.
  FileBytes bytes(const ZipEntry& entry, StorageKind kind);
  // The content as text, checked. Throws bad_file above `limit_bytes`.
  std::string text(const ZipEntry& entry, int64_t limit_bytes);

 private:
  struct Reader;
  void open(const ZipEntry& entry, bool raw);
  int64_t content_offset(const ZipEntry& entry);
  void read_into(const ZipEntry& entry, std::span<std::byte> out);
  [[noreturn]] void fail_checksum(const ZipEntry& entry) const;
  void check_sizes(const ZipEntry& entry) const;

  StoragePtr file_;
  std::unique_ptr<Reader> reader_;
  std::vector<ZipEntry> entries_;
  std::map<std::string, size_t, std::less<>> index_;
  std::map<int64_t, const ZipEntry*> taken_;  // contents handed out, by offset
};

}  // namespace cornu::formats
