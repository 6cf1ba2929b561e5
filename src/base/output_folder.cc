#include "base/output_folder.h"

#include <unistd.h>

#include "base/fail.h"

namespace cornu {

namespace fs = std::filesystem;

OutputFolder::OutputFolder(const fs::path& path, const fs::path& replaced)
    : path_(path.has_filename() ? path : path.parent_path()) {
  std::error_code error;
  replaces_ = fs::exists(path_ / replaced, error);
  const bool empty = fs::is_directory(path_, error) && fs::is_empty(path_, error);
  if (fs::exists(path_, error) && !replaces_ && !empty)
    fail(ErrorCode::io, path_.string(), "exists and holds no {}, so it is not replaced; name a new folder",
         replaced.string());
  const std::string suffix = "." + std::to_string(::getpid()) + ".tmp";
  temporary_ = old_ = path_;
  temporary_ += suffix;
  old_ += suffix + ".old";
  if (!fs::create_directory(temporary_, error)) {
    fail(error == std::errc::no_such_file_or_directory ? ErrorCode::not_found : ErrorCode::io,
         temporary_.string(), "cannot make the folder: {}", error ? error.message() : "it exists");
  }
}

OutputFolder::~OutputFolder() {
  std::error_code ignored;  // nothing else can be done
  if (!committed_) fs::remove_all(temporary_, ignored);
}

void OutputFolder::commit() {
  try {
    if (replaces_) fs::rename(path_, old_);
    fs::rename(temporary_, path_);
    committed_ = true;
    if (replaces_) fs::remove_all(old_);
  } catch (const fs::filesystem_error& error) {
    std::error_code ignored;  // the error that matters is on its way
    if (!committed_ && replaces_) fs::rename(old_, path_, ignored);
    fail(ErrorCode::io, path_.string(), "cannot put the folder in place: {}", error.code().message());
  }
}

}  // namespace cornu
