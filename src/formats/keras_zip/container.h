// Container: the named parts of a Keras 3 model, which are entries of a zip archive or files of one folder.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "formats/zip_archive.h"

namespace cornu::formats {

// One thread at a time. The bytes it hands out outlive it.
class Container {
 public:
  virtual ~Container() = default;
  virtual bool has(const std::string& name) const = 0;
  // The names of all parts below a folder, "assets/layers/a/b.txt", sorted. "" is the whole.
  virtual std::vector<std::string> names_below(const std::string& folder) const = 0;
  // How errors name a part: "model.keras:/config.json", or its path in a folder.
  virtual std::string where(const std::string& name) const = 0;
  // Bytes of the archive, or of the parts of the folder that were read.
  virtual int64_t size_bytes() const = 0;
  // A part used in place where possible, and a part as text of at most 256 MB. The part must be there.
  // Throw Error: not_found, io, bad_file, unsupported.
  virtual FileBytes bytes(const std::string& name) = 0;
  virtual std::string text(const std::string& name) = 0;
};

// The zip archive at `path`: entries that are deflated are unpacked into a shared segment. Throws as
// ZipArchive does.
std::unique_ptr<Container> open_zip_container(const std::filesystem::path& path);

// The files that lie directly in a folder; nothing is opened before it is asked for.
std::unique_ptr<Container> open_folder_container(const std::filesystem::path& folder);

}  // namespace cornu::formats
