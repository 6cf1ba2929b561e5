#include "formats/keras_zip/container.h"

#include <algorithm>

#include "base/fail.h"
#include "base/printable.h"

namespace cornu::formats {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kMaxTextBytes = int64_t{256}
                                  << 20;  // the config of a network with a million layers is smaller
constexpr size_t kMaxParts = 100'000;     // of a folder; a model has an asset for a few of its layers

class ZipContainer : public Container {
 public:
  explicit ZipContainer(const StoragePtr& file)
      : file_bytes_(static_cast<int64_t>(file->bytes().size())), path_(file->name()), archive_(file) {}

  bool has(const std::string& name) const override { return archive_.find(name) != nullptr; }
  std::vector<std::string> names_below(const std::string& folder) const override {
    std::vector<std::string> names;
    for (const ZipEntry& item : archive_.entries()) {
      if (folder.empty() || item.name.starts_with(folder + "/")) names.push_back(item.name);
    }
    std::sort(names.begin(), names.end());
    return names;
  }
  std::string where(const std::string& name) const override { return path_ + ":/" + printable(name); }
  int64_t size_bytes() const override { return file_bytes_; }
  FileBytes bytes(const std::string& name) override {
    return archive_.bytes(entry(name), StorageKind::shared_segment);
  }
  std::string text(const std::string& name) override { return archive_.text(entry(name), kMaxTextBytes); }

 private:
  const ZipEntry& entry(const std::string& name) const {
    const ZipEntry* found = archive_.find(name);
    if (found == nullptr) fail(ErrorCode::bad_file, where(name), "the archive has no such entry");
    return *found;
  }

  int64_t file_bytes_;
  std::string path_;
  ZipArchive archive_;
};

class FolderContainer : public Container {
 public:
  explicit FolderContainer(fs::path folder) : folder_(std::move(folder)) {}

  bool has(const std::string& name) const override {
    std::error_code error;
    return fs::exists(folder_ / name, error);
  }
  std::vector<std::string> names_below(const std::string& folder) const override {
    std::vector<std::string> names;
    std::error_code error;  // a folder that cannot be read has no parts; symbolic links are not followed
    for (fs::recursive_directory_iterator at(folder_ / folder, error), end; !error && at != end;
         at.increment(error)) {
      if (names.size() >= kMaxParts)
        fail(ErrorCode::bad_file, where(folder), "has more than {} files", kMaxParts);
      if (at->is_regular_file(error) && !at->is_symlink(error))
        names.push_back(at->path().lexically_relative(folder_).generic_string());
    }
    std::sort(names.begin(), names.end());
    return names;
  }
  std::string where(const std::string& name) const override { return (folder_ / printable(name)).string(); }
  int64_t size_bytes() const override { return read_bytes_; }

  FileBytes bytes(const std::string& name) override {
    const StoragePtr file = map_file(folder_ / name);
    read_bytes_ += static_cast<int64_t>(file->bytes().size());
    return {file->bytes(), file, true};
  }

  std::string text(const std::string& name) override {
    const FileBytes file = bytes(name);
    if (file.bytes.size() > kMaxTextBytes) {
      fail(ErrorCode::bad_file, where(name), "has {} bytes of text; at most {} are read", file.bytes.size(),
           kMaxTextBytes);
    }
    return {reinterpret_cast<const char*>(file.bytes.data()), file.bytes.size()};
  }

 private:
  fs::path folder_;
  int64_t read_bytes_ = 0;
};

}  // namespace

std::unique_ptr<Container> open_zip_container(const fs::path& path) {
  return std::make_unique<ZipContainer>(map_file(path));
}

std::unique_ptr<Container> open_folder_container(const fs::path& folder) {
  return std::make_unique<FolderContainer>(folder);
}

}  // namespace cornu::formats
