#include "formats/zip_archive.h"

#include <minizip/unzip.h>
#include <sys/stat.h>

#include <zlib.h>

#include <algorithm>
#include <cstring>

#include "base/fail.h"
#include "base/printable.h"

namespace cornu::formats {
namespace {

constexpr uint32_t kStored = 0;         // APPNOTE 4.4.5
constexpr uint32_t kDeflated = 8;       // APPNOTE 4.4.5
constexpr uint32_t kEncryptedFlag = 1;  // APPNOTE 4.4.4, bit 0
constexpr uint32_t kMadeByUnix = 3;     // APPNOTE 4.4.2: upper byte of "version made by"
constexpr int64_t kMaxDeflateRatio =
    1032;                                  // deflate: a match of 258 bytes takes at least two bits (RFC 1951)
constexpr size_t kMaxEntries = 1 << 16;    // of a plain zip; an archive of arrays or of a model has far fewer
constexpr size_t kMaxNameBytes = 1 << 16;  // the length field has 16 bits
constexpr int64_t kReadStep = 1 << 26;     // minizip counts one read in an int

// An archive without entries is its end record alone (APPNOTE 4.3.16), which minizip does not find at offset
// 0.
bool is_empty_archive(std::span<const std::byte> bytes) {
  constexpr size_t kEndRecordBytes = 22;
  return bytes.size() == kEndRecordBytes && std::memcmp(bytes.data(), "PK\5\6", 4) == 0;
}

// A file in memory, read through minizip's callbacks.
struct MemoryFile {
  std::span<const std::byte> bytes;
  size_t position = 0;
};

MemoryFile& memory_file(voidpf stream) {
  return *static_cast<MemoryFile*>(stream);
}

voidpf open_memory(voidpf opaque, const void*, int) {
  return opaque;
}
int close_memory(voidpf, voidpf) {
  return 0;
}
int fail_short_read(voidpf, voidpf) {
  return 1;
}  // asked after a short read only; 0 would read as success
ZPOS64_T tell_memory(voidpf, voidpf stream) {
  return memory_file(stream).position;
}
uLong write_nothing(voidpf, voidpf, const void*, uLong) {
  return 0;
}

uLong read_memory(voidpf, voidpf stream, void* out, uLong wanted) {
  MemoryFile& file = memory_file(stream);
  const size_t count = std::min<size_t>(wanted, file.bytes.size() - file.position);
  std::memcpy(out, file.bytes.data() + file.position, count);
  file.position += count;
  return count;
}

long seek_memory(voidpf, voidpf stream, ZPOS64_T offset, int origin) {
  MemoryFile& file = memory_file(stream);
  const size_t size = file.bytes.size();
  const size_t base = origin == ZLIB_FILEFUNC_SEEK_SET   ? 0
                      : origin == ZLIB_FILEFUNC_SEEK_CUR ? file.position
                                                         : size;
  if (offset > size - base) return -1;
  file.position = base + static_cast<size_t>(offset);
  return 0;
}

// Whether no part of the name is "..", and it starts at no root. Back-slashes separate too: Windows takes
// them so.
bool stays_inside(std::string_view name) {
  if (name.empty() || name[0] == '/' || name[0] == '\\') return false;
  if (name.size() >= 2 && name[1] == ':') return false;  // a drive
  if (name.find('\0') != name.npos) return false;
  for (size_t start = 0; start <= name.size();) {
    const size_t end = std::min(name.find_first_of("/\\", start), name.size());
    if (name.substr(start, end - start) == "..") return false;
    start = end + 1;
  }
  return true;
}

bool is_symbolic_link(const unz_file_info64& info) {
  return info.version >> 8 == kMadeByUnix && S_ISLNK(static_cast<mode_t>(info.external_fa >> 16));
}

void check_entry(const unz_file_info64& info, const std::string& name, const std::string& where) {
  if (!stays_inside(name)) {
    fail(ErrorCode::bad_file, where, "the archive has an entry \"{}\", whose path leads outside",
         printable(name));
  }
  if (is_symbolic_link(info)) {
    fail(ErrorCode::bad_file, where, "the entry \"{}\" is a symbolic link; only files are read",
         printable(name));
  }
  if ((info.flag & kEncryptedFlag) != 0) {
    fail(ErrorCode::unsupported, where, "the entry \"{}\" is encrypted; save the file without a password",
         printable(name));
  }
  if (info.disk_num_start != 0) {
    fail(ErrorCode::unsupported, where, "the archive is divided over several disks; join its parts first");
  }
}

}  // namespace

struct ZipArchive::Reader {
  MemoryFile memory;
  unzFile zip = nullptr;
  ~Reader() {
    if (zip != nullptr) unzClose(zip);
  }
};

ZipArchive::ZipArchive(StoragePtr file) : file_(std::move(file)), reader_(std::make_unique<Reader>()) {
  const std::string& path = file_->name();
  reader_->memory.bytes = file_->bytes();
  if (is_empty_archive(file_->bytes())) return;
  zlib_filefunc64_def callbacks = {open_memory, read_memory,  write_nothing,   tell_memory,
                                   seek_memory, close_memory, fail_short_read, &reader_->memory};
  reader_->zip = unzOpen2_64(path.c_str(), &callbacks);
  if (reader_->zip == nullptr) {
    fail(ErrorCode::bad_file, path,
         "the zip archive of {} bytes has no usable directory at its end: it is cut short, "
         "damaged, or divided over several disks",
         file_->bytes().size());
  }
  std::vector<char> name_buffer(kMaxNameBytes);
  int status = unzGoToFirstFile(reader_->zip);
  unz_global_info64 directory{};
  unzGetGlobalInfo64(reader_->zip, &directory);
  if (directory.number_entry == 0) return;  // minizip calls an empty directory damaged
  for (; status == UNZ_OK; status = unzGoToNextFile(reader_->zip)) {
    unz_file_info64 info{};
    status = unzGetCurrentFileInfo64(reader_->zip, &info, name_buffer.data(), name_buffer.size(), nullptr, 0,
                                     nullptr, 0);
    if (status != UNZ_OK) break;
    const std::string name(name_buffer.data(), std::min<size_t>(info.size_filename, name_buffer.size()));
    check_entry(info, name, path);
    unz64_file_pos position{};
    unzGetFilePos64(reader_->zip, &position);
    if (name.ends_with('/') || name.ends_with('\\')) continue;  // a folder
    if (!index_.emplace(name, entries_.size()).second) {
      fail(ErrorCode::bad_file, path, "the archive has two entries named \"{}\"", printable(name));
    }
    if (entries_.size() == kMaxEntries)
      fail(ErrorCode::unsupported, path, "the archive has more than {} entries", kMaxEntries);
    const auto clamp = [](ZPOS64_T size) {
      return static_cast<int64_t>(std::min<ZPOS64_T>(size, INT64_MAX));
    };
    entries_.push_back({name, clamp(info.uncompressed_size), clamp(info.compressed_size),
                        static_cast<uint32_t>(info.compression_method), static_cast<uint32_t>(info.crc),
                        position.pos_in_zip_directory, position.num_of_file});
  }
  if (status != UNZ_END_OF_LIST_OF_FILE) {
    fail(ErrorCode::bad_file, path, "the zip directory is damaged after {} of {} entries", entries_.size(),
         directory.number_entry);
  }
}

ZipArchive::~ZipArchive() = default;

const ZipEntry* ZipArchive::find(std::string_view name) const {
  const auto found = index_.find(name);
  return found == index_.end() ? nullptr : &entries_[found->second];
}

std::string ZipArchive::where(const ZipEntry& entry) const {
  return file_->name() + ":/" + printable(entry.name);
}

void ZipArchive::check_sizes(const ZipEntry& entry) const {
  const auto archive_bytes = static_cast<int64_t>(file_->bytes().size());
  if (entry.method != kStored && entry.method != kDeflated) {
    fail(ErrorCode::unsupported, where(entry),
         "compression method {} is not read; use stored (0) or deflated (8)", entry.method);
  }
  if (entry.packed_bytes > archive_bytes) {
    fail(ErrorCode::bad_file, where(entry), "takes {} bytes by the directory, the whole archive has {}",
         entry.packed_bytes, archive_bytes);
  }
  if (entry.method == kStored && entry.size_bytes != entry.packed_bytes) {
    fail(ErrorCode::bad_file, where(entry), "is stored, but has {} bytes unpacked and {} packed",
         entry.size_bytes, entry.packed_bytes);
  }
  if (entry.size_bytes / kMaxDeflateRatio > entry.packed_bytes) {
    fail(ErrorCode::bad_file, where(entry),
         "claims to unpack {} bytes to {}, more than deflate can: a decompression bomb", entry.packed_bytes,
         entry.size_bytes);
  }
}

void ZipArchive::open(const ZipEntry& entry, bool raw) {
  const unz64_file_pos position = {entry.directory_at, entry.number};
  int method = 0;
  int status = unzGoToFilePos64(reader_->zip, &position);
  if (status == UNZ_OK) status = unzOpenCurrentFile2(reader_->zip, &method, nullptr, raw ? 1 : 0);
  if (status != UNZ_OK)
    fail(ErrorCode::bad_file, where(entry), "the entry's header contradicts the directory");
}

// Where the packed content lies. Contents that overlap are how small archives claim to hold much: refused.
int64_t ZipArchive::content_offset(const ZipEntry& entry) {
  open(entry, true);
  const ZPOS64_T at = unzGetCurrentFileZStreamPos64(reader_->zip);
  unzCloseCurrentFile(reader_->zip);
  const auto archive_bytes = static_cast<int64_t>(file_->bytes().size());
  if (at > static_cast<ZPOS64_T>(archive_bytes - entry.packed_bytes)) {
    fail(ErrorCode::bad_file, where(entry), "{} bytes from offset {} reach past the archive's end at {}",
         entry.packed_bytes, at, archive_bytes);
  }
  const auto offset = static_cast<int64_t>(at);
  const auto next = taken_.lower_bound(offset);
  const bool hits_next =
      next != taken_.end() && next->second != &entry && next->first < offset + entry.packed_bytes;
  bool hits_previous = false;
  if (next != taken_.begin()) {
    const auto& [start, other] = *std::prev(next);
    hits_previous = start + other->packed_bytes > offset;
  }
  if (hits_next || hits_previous)
    fail(ErrorCode::bad_file, where(entry), "its content overlaps that of another entry");
  if (entry.packed_bytes > 0) taken_.emplace(offset, &entry);
  return offset;
}

void ZipArchive::read_into(const ZipEntry& entry, std::span<std::byte> out) {
  open(entry, false);
  size_t done = 0;
  int count = 0;
  while (done < out.size()) {
    const auto step = static_cast<unsigned>(std::min<size_t>(out.size() - done, kReadStep));
    count = unzReadCurrentFile(reader_->zip, out.data() + done, step);
    if (count <= 0) break;
    done += static_cast<size_t>(count);
  }
  const int status = unzCloseCurrentFile(reader_->zip);
  if (done < out.size()) {
    fail(ErrorCode::bad_file, where(entry), "unpacking stops after {} of {} bytes: the data are damaged",
         done, out.size());
  }
  if (status != UNZ_OK) fail_checksum(entry);
}

void ZipArchive::fail_checksum(const ZipEntry& entry) const {
  fail(ErrorCode::bad_file, where(entry), "the checksum is wrong: the data are damaged");
}

FileBytes ZipArchive::bytes(const ZipEntry& entry, StorageKind kind) {
  check_sizes(entry);
  const int64_t offset = content_offset(entry);
  const auto size_bytes = static_cast<size_t>(entry.size_bytes);
  if (entry.method == kStored) {
    return {file_->bytes().subspan(static_cast<size_t>(offset), size_bytes), file_,
            file_->kind() == StorageKind::mapped_file};
  }
  if (kind == StorageKind::heap) {
    const auto storage = std::make_shared<HeapStorage>(size_bytes);
    read_into(entry, {storage->data(), size_bytes});
    return {storage->bytes(), storage, false};
  }
  const auto storage = std::make_shared<SharedStorage>(where(entry), size_bytes);
  read_into(entry, {storage->data(), size_bytes});
  return {storage->bytes(), storage, false};
}

std::string ZipArchive::text(const ZipEntry& entry, int64_t limit_bytes) {
  check_sizes(entry);
  if (entry.size_bytes > limit_bytes) {
    fail(ErrorCode::bad_file, where(entry), "has {} bytes of text; at most {} are read", entry.size_bytes,
         limit_bytes);
  }
  const int64_t offset = content_offset(entry);
  const auto size_bytes = static_cast<size_t>(entry.size_bytes);
  if (entry.method == kStored) {  // minizip would copy it byte by byte
    const std::byte* content = file_->bytes().data() + offset;
    if (::crc32_z(0, reinterpret_cast<const Bytef*>(content), size_bytes) != entry.checksum)
      fail_checksum(entry);
    return {reinterpret_cast<const char*>(content), size_bytes};
  }
  std::string text(size_bytes, '\0');
  read_into(entry, std::as_writable_bytes(std::span(text)));
  return text;
}

}  // namespace cornu::formats
