#include "base/output_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/fail.h"

namespace cornu {
namespace {

namespace fs = std::filesystem;

constexpr int kMaxLinks = 40;  // Linux follows as many symbolic links in one path
constexpr int kMaxAttempts =
    100;  // names tried; each is taken only by a file that a killed process left behind

[[noreturn]] void fail_write(const fs::path& path, const char* action, int error) {
  const ErrorCode code = error == ENOENT || error == ENOTDIR ? ErrorCode::not_found : ErrorCode::io;
  fail(code, path.string(), "cannot {}: {}", action, std::strerror(error));
}

// What `path` names in the end, so that a link stays a link.
fs::path follow_links(fs::path path) {
  for (int i = 0; i < kMaxLinks; ++i) {
    std::error_code error;
    const fs::path target = fs::read_symlink(path, error);
    if (error) return path;
    path = path.parent_path() / target;
  }
  fail_write(path, "follow the link", ELOOP);
}

// Makes folder data durable, so that the new name survives a crash. Some file systems cannot: the file is
// complete anyway.
void sync_folder(const fs::path& folder) {
  const int descriptor = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  ::fsync(descriptor);
  ::close(descriptor);
}

}  // namespace

OutputFile::OutputFile(const fs::path& path) : path_(follow_links(path)) {
  std::error_code error;
  const fs::file_status status = fs::status(path_, error);
  if (fs::exists(status) && !fs::is_regular_file(status)) {
    fail(ErrorCode::io, path_.string(), "is not a regular file, so it is not replaced; name a new file");
  }
  int descriptor = -1;
  for (int attempt = 0; descriptor < 0 && attempt < kMaxAttempts; ++attempt) {
    temporary_ = path_;
    temporary_ += fmt::format(".{}-{}.tmp", ::getpid(), attempt);
    descriptor = ::open(temporary_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);  // less the umask
    if (descriptor < 0 && errno != EEXIST) break;
  }
  if (descriptor < 0) fail_write(path_, "create the file", errno);
  stream_ = ::fdopen(descriptor, "w+b");
  if (stream_ != nullptr) return;
  const int failure = errno;
  ::close(descriptor);
  ::unlink(temporary_.c_str());
  fail_write(path_, "create the file", failure);
}

OutputFile::~OutputFile() {
  if (stream_ == nullptr) return;
  std::fclose(stream_);
  ::unlink(temporary_.c_str());
}

void OutputFile::write(std::span<const std::byte> bytes) {
  if (std::fwrite(bytes.data(), 1, bytes.size(), stream_) != bytes.size())
    fail_write(path_, "write the file", errno);
}

void OutputFile::commit() {
  const bool earlier_error = std::ferror(stream_) != 0;
  if (std::fflush(stream_) != 0 || ::fsync(::fileno(stream_)) != 0)
    fail_write(path_, "write the file", errno);
  if (earlier_error) fail_write(path_, "write the file", EIO);
  std::FILE* stream = stream_;
  stream_ = nullptr;
  const bool closed = std::fclose(stream) == 0;
  if (!closed || ::rename(temporary_.c_str(), path_.c_str()) != 0) {
    const int failure = errno;
    ::unlink(temporary_.c_str());
    fail_write(path_, "write the file", failure);
  }
  sync_folder(path_.parent_path());
}

}  // namespace cornu
