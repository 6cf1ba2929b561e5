// OutputFolder: a folder that appears under its name complete or not at all.
#pragma once

#include <filesystem>

namespace cornu {

// Made under a temporary name beside `path`. commit() gives it its name, in place of an older folder; without commit() the
// destructor deletes it and all that is in it. Not copied; one thread at a time.
class OutputFolder {
 public:
  // Throws not_found when the folder that is to hold it does not exist, io when the system refuses, or when `path` exists and is
  // neither an empty folder nor one that holds a file `replaced`.
  OutputFolder(const std::filesystem::path& path, const std::filesystem::path& replaced);
  ~OutputFolder();
  OutputFolder(const OutputFolder&) = delete;
  OutputFolder& operator=(const OutputFolder&) = delete;

  const std::filesystem::path& temporary_path() const { return temporary_; }
  void commit();  // throws io; at most once

 private:
  std::filesystem::path path_;
  std::filesystem::path temporary_;
  std::filesystem::path old_;
  bool replaces_ = false;
  bool committed_ = false;
};

}  // namespace cornu
