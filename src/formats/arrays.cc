#include "formats/arrays.h"

#include <algorithm>
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
#include "formats/zip_writer.h"

namespace cornu::formats {
namespace {

constexpr std::string_view kEnding = ".npy";
constexpr int64_t kZip64Bytes = 0xffffffff;  // sizes from here on need zip64 fields (APPNOTE 4.4.8)

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
  OutputFile file(path);
  ZipWriter zip(file.stream(), path.string());
  for (const NamedTensor& array : arrays) {
    zip.begin(array.name + std::string(kEnding), npy_size_bytes(array.tensor) >= kZip64Bytes);
    write_npy(array.tensor, [&zip](std::span<const std::byte> bytes) { zip.write(bytes); });
  }
  zip.finish();
  file.commit();
}

}  // namespace cornu::formats
