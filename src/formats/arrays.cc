#include "formats/arrays.h"

#include <minizip/zip.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "base/fail.h"
#include "base/output_file.h"
#include "base/printable.h"
#include "formats/npy.h"
#include "formats/npy_header.h"
#include "formats/zip_archive.h"

namespace cornu::formats {
namespace {

constexpr std::string_view kEnding = ".npy";
constexpr int64_t kZip64Bytes = 0xffffffff;  // sizes from here on need zip64 fields (APPNOTE 4.4.8)
constexpr size_t kWriteStep = 1 << 26;       // minizip counts one write in an unsigned int

bool starts_with(std::span<const std::byte> bytes, std::string_view magic) {
  return bytes.size() >= magic.size() && std::memcmp(bytes.data(), magic.data(), magic.size()) == 0;
}

std::vector<NamedTensor> read_npz(const StoragePtr& file) {
  ZipArchive archive(file);
  std::vector<NamedTensor> arrays;
  for (const ZipEntry& entry : archive.entries()) {
    const FileBytes content = archive.bytes(entry, StorageKind::heap);
    std::string_view name = entry.name;
    if (name.ends_with(kEnding)) name.remove_suffix(kEnding.size());
    arrays.push_back({std::string(name), read_npy(content, archive.where(entry))});
  }
  return arrays;
}

// minizip's file callbacks, of which opening and closing are OutputFile's business.
voidpf use_stream(voidpf opaque, const void*, int) {
  return static_cast<OutputFile*>(opaque)->stream();
}
int keep_open(voidpf, voidpf) {
  return 0;
}

class NpzWriter {
 public:
  explicit NpzWriter(const std::filesystem::path& path) : path_(path.string()), file_(path) {
    zlib_filefunc64_def callbacks;
    fill_fopen64_filefunc(&callbacks);
    callbacks.zopen64_file = use_stream;
    callbacks.zclose_file = keep_open;
    callbacks.opaque = &file_;
    zip_ = zipOpen2_64(path_.c_str(), APPEND_STATUS_CREATE, nullptr, &callbacks);
    if (zip_ == nullptr) fail(ErrorCode::out_of_memory, path_, "cannot start a zip archive");
  }
  ~NpzWriter() {
    if (zip_ != nullptr) zipClose(zip_, nullptr);
  }
  NpzWriter(const NpzWriter&) = delete;
  NpzWriter& operator=(const NpzWriter&) = delete;

  void add(const NamedTensor& array) {
    zip_fileinfo info{};
    info.dosDate =
        1 << 21 | 1 << 16;  // 1980-01-01, the first date a zip can hold: equal arrays give equal files
    const std::string name = array.name + std::string(kEnding);
    const int zip64 = npy_size_bytes(array.tensor) >= kZip64Bytes ? 1 : 0;
    check(zipOpenNewFileInZip64(zip_, name.c_str(), &info, nullptr, 0, nullptr, 0, nullptr, 0, 0, zip64));
    write_npy(array.tensor, [this](std::span<const std::byte> bytes) { write(bytes); });
    check(zipCloseFileInZip(zip_));
  }

  void finish() {
    const zipFile zip = std::exchange(zip_, nullptr);
    check(zipClose(zip, nullptr));
    file_.commit();
  }

 private:
  void check(int status) const {
    if (status != ZIP_OK)
      fail(ErrorCode::io, path_, "cannot write the file: {}", std::strerror(errno != 0 ? errno : EIO));
  }

  void write(std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
      const auto step = bytes.first(std::min(bytes.size(), kWriteStep));
      check(zipWriteInFileInZip(zip_, step.data(), static_cast<unsigned>(step.size())));
      bytes = bytes.subspan(step.size());
    }
  }

  std::string path_;
  OutputFile file_;
  zipFile zip_ = nullptr;
};

void check_names(std::span<const NamedTensor> arrays) {
  std::set<std::string_view> names;
  for (const NamedTensor& array : arrays) {
    if (array.name.empty()) fail(ErrorCode::bad_argument, "write_npz", "an array has no name");
    if (array.name.find('\0') != array.name.npos ||
        array.name.size() > 60000) {  // a zip name has at most 65535 bytes
      fail(ErrorCode::bad_argument, "write_npz", "\"{}\" cannot be the name of an array",
           printable(array.name));
    }
    if (!names.insert(array.name).second) {
      fail(ErrorCode::bad_argument, "write_npz", "two arrays are named \"{}\"", printable(array.name));
    }
  }
}

}  // namespace

std::vector<NamedTensor> read_arrays(const std::filesystem::path& path) {
  const StoragePtr file = map_file(path);
  const std::span<const std::byte> bytes = file->bytes();
  if (is_npy(bytes)) return {{"input_0", read_npy({bytes, file, true}, path.string())}};
  if (starts_with(bytes, "PK\3\4") || starts_with(bytes, "PK\5\6"))
    return read_npz(file);  // the latter: no entries
  fail(ErrorCode::bad_file, path.string(), "is neither a .npy nor a .npz file: it starts with \"{}\"",
       printable({reinterpret_cast<const char*>(bytes.data()), std::min<size_t>(bytes.size(), 8)}));
}

void write_npz(const std::filesystem::path& path, std::span<const NamedTensor> arrays) {
  check_names(arrays);
  NpzWriter writer(path);
  for (const NamedTensor& array : arrays) writer.add(array);
  writer.finish();
}

}  // namespace cornu::formats
