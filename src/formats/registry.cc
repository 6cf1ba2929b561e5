#include <algorithm>
#include <array>

#include "base/fail.h"
#include "formats/checkpoint/checkpoint_path.h"
#include "formats/model_file.h"

namespace cornu::formats {

// Each folder of formats/ defines one `const FormatDef format_<folder>`.
#define ENTRY(unit) extern const FormatDef format_##unit;
#include "gen/format_table.inc"
#undef ENTRY

namespace {

#define ENTRY(unit) &format_##unit,
constexpr const FormatDef* kFormats[] = {
#include "gen/format_table.inc"
};
#undef ENTRY

constexpr size_t kHeadBytes = 4096;  // enough for the magic bytes and first entry of every known format

std::string format_names() {
  std::string names;
  for (const FormatDef* format : kFormats)
    names += fmt::format("{}{}", names.empty() ? "" : ", ", format->name);
  return names;
}

// What archives begin with, at these bytes. Source: POSIX.1-1988 tar; RFC 1952; file formats of bzip2 and xz.
bool is_archive(std::span<const std::byte> head) {
  constexpr std::pair<size_t, std::string_view> kMagic[] = {{257, "ustar"},
                                                            {0, "\x1f\x8b"},
                                                            {0, "BZh"},
                                                            {0,
                                                             "\xfd"
                                                             "7zXZ"},
                                                            {0, "7z\xbc\xaf"}};
  const std::string_view text{reinterpret_cast<const char*>(head.data()), head.size()};
  return std::any_of(std::begin(kMagic), std::end(kMagic), [&](const auto& magic) {
    return text.substr(std::min(magic.first, text.size())).starts_with(magic.second);
  });
}

}  // namespace

std::span<const FormatDef* const> all_formats() {
  return kFormats;
}

ModelFile read_model_file(const std::filesystem::path& given) {
  const std::filesystem::path path = model_path(given);
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (!std::filesystem::exists(status))
    fail(ErrorCode::not_found, path.string(), "there is no such file or folder");
  const bool is_folder = std::filesystem::is_directory(status);
  std::array<std::byte, kHeadBytes> buffer;
  std::span<const std::byte> head;
  if (!is_folder) {
    const StoragePtr file = map_file(path);
    const size_t count = std::min(kHeadBytes, file->bytes().size());
    std::copy_n(file->bytes().begin(), count, buffer.begin());
    head = std::span(buffer).first(count);
  }
  for (const FormatDef* format : kFormats) {
    if (format->matches(path, is_folder, head)) {
      ModelFile file = format->read(path);
      file.format = format->name;
      return file;
    }
  }
  if (is_archive(head))
    fail(ErrorCode::unsupported, path.string(),
         "is an archive, whose weights can only be used in place once it is unpacked; unpack it and load the "
         "model in it");
  fail(ErrorCode::bad_file, path.string(), "the {} is no known model format; known are {}",
       is_folder ? "folder" : "content", format_names());
}

}  // namespace cornu::formats
