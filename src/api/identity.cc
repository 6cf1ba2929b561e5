#include "api/identity.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <string_view>

#include "base/fail.h"

namespace cornu {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kMagic =
    "cornu-handle-3";  // first line of every handle; another layout, another number

class Checksum {
 public:
  void add(std::string_view bytes) {
    value_ =
        static_cast<uint32_t>(::crc32_z(value_, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
  }
  uint32_t value() const { return value_; }

 private:
  uint32_t value_ = 0;
};

// The part up to the next line end; `rest` moves behind it.
std::string_view next_line(std::string_view& rest) {
  const size_t end = rest.find('\n');
  if (end == std::string_view::npos)
    fail(ErrorCode::bad_argument, "handle", "the text of {} bytes is no handle of a model", rest.size());
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end + 1);
  return line;
}

template <class Int>
Int next_number(std::string_view& rest) {
  const std::string_view line = next_line(rest);
  Int value = 0;
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), value);
  if (error != std::errc() || end != line.data() + line.size()) {
    fail(ErrorCode::bad_argument, "handle", "expected a number, received '{}'", line.substr(0, 40));
  }
  return value;
}

constexpr std::string_view kFile = "file";
constexpr std::string_view kSegment = "segment";
constexpr std::string_view kLong = "long";

// Strings may hold anything, so their sizes go ahead.
std::string sized(const std::string& text) {
  return fmt::format("{}\n{}", text.size(), text);
}

std::string sized(const std::vector<std::string>& texts) {
  std::string all = fmt::format("{}\n", texts.size());
  for (const std::string& text : texts) all += sized(text);
  return all;
}

std::string to_text(const Identity& identity, std::string_view kind, const std::string& path) {
  const FileVersion& version = identity.version;
  const runtime::RunLimits& limits = identity.limits;
  return fmt::format("{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n", kMagic, kind, version.device,
                     version.inode, version.size_bytes, version.modified_ns, identity.fingerprint,
                     identity.threads, limits.iterations, limits.seconds, limits.depth) +
         sized(path) + sized(identity.signature) + sized(identity.tags) + sized(identity.outputs) +
         sized(identity.feeds) + identity.config;
}

std::string next_text(std::string_view& rest) {
  const auto size = next_number<size_t>(rest);
  if (size > rest.size())
    fail(ErrorCode::bad_argument, "handle", "a text has {} bytes, the handle holds {}", size, rest.size());
  std::string text(rest.substr(0, size));
  rest.remove_prefix(size);
  return text;
}

std::vector<std::string> next_texts(std::string_view& rest) {
  const auto count = next_number<size_t>(rest);
  std::vector<std::string> texts;
  while (texts.size() < count) texts.push_back(next_text(rest));
  return texts;
}

// The inverse of to_text().
Identity parse(std::string_view text, std::string& kind) {
  if (next_line(text) != kMagic)
    fail(ErrorCode::bad_argument, "handle", "the text of {} bytes is no handle of a model", text.size());
  kind = next_line(text);
  if (kind != kFile && kind != kSegment && kind != kLong)
    fail(ErrorCode::bad_argument, "handle", "'{}' is no kind of handle", kind.substr(0, 40));
  Identity identity;
  identity.version.device = next_number<uint64_t>(text);
  identity.version.inode = next_number<uint64_t>(text);
  identity.version.size_bytes = next_number<uint64_t>(text);
  identity.version.modified_ns = next_number<int64_t>(text);
  identity.fingerprint = next_number<uint32_t>(text);
  identity.threads = next_number<int>(text);
  identity.limits.iterations = next_number<int64_t>(text);
  identity.limits.seconds = next_number<double>(text);
  identity.limits.depth = next_number<int>(text);
  identity.path = next_text(text);
  identity.signature = next_text(text);
  identity.tags = next_texts(text);
  identity.outputs = next_texts(text);
  identity.feeds = next_texts(text);
  identity.config = text;
  return identity;
}

// Memory without a name that holds `text`; others who open it cannot write to it.
Descriptor memory_of(std::string_view text) {
  Descriptor memory(::memfd_create("cornu-handle", MFD_CLOEXEC));
  const bool written =
      memory.valid() && ::write(memory.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size());
  if (!written || ::fchmod(memory.get(), 0400) != 0)
    fail(ErrorCode::io, "handle", "cannot keep a handle of {} bytes: {}", text.size(), std::strerror(errno));
  return memory;
}

// Opens what a handle names by a descriptor of the process that made it.
Descriptor open_of_process(const Identity& identity) {
  Descriptor opened(::open(identity.path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!opened.valid()) {
    const int error = errno;
    const bool gone = error == ENOENT || error == ENOTDIR;
    fail(gone ? ErrorCode::not_found : ErrorCode::io, identity.path, "{}: {}",
         gone ? "the process that made the handle has ended, and what it kept in memory with it"
              : "the memory of the process that made the handle cannot be opened",
         std::strerror(error));
  }
  if (!(FileVersion::of(own_path(opened)) == identity.version)) {
    fail(ErrorCode::bad_file, identity.path,
         "this is not what the handle was made of: the process that made it has ended or has let the model "
         "go");
  }
  return opened;
}

std::string read_all(const Descriptor& descriptor, uint64_t size_bytes) {
  constexpr uint64_t kMostBytes = uint64_t{1} << 28;  // a config text; the largest seen has 2 MB
  if (size_bytes > kMostBytes)
    fail(ErrorCode::bad_argument, "handle", "a handle of {} bytes is too large", size_bytes);
  std::string text(size_bytes, '\0');
  if (::pread(descriptor.get(), text.data(), text.size(), 0) != static_cast<ssize_t>(text.size()))
    fail(ErrorCode::io, "handle", "cannot read the {} bytes of a handle", size_bytes);
  return text;
}

struct stat status_of(const fs::path& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) == 0) return status;
  const int error = errno;
  if (error == ENOENT || error == ENOTDIR)
    fail(ErrorCode::not_found, path.string(), "there is no such file or folder");
  fail(ErrorCode::io, path.string(), "cannot look at the file: {}", std::strerror(error));
}

int64_t changed_ns(const struct stat& status) {
  constexpr int64_t kSecond = 1'000'000'000;
  return int64_t{status.st_mtim.tv_sec} * kSecond + status.st_mtim.tv_nsec;
}

}  // namespace

std::string own_path(const Descriptor& descriptor) {
  return fmt::format("/proc/self/fd/{}", descriptor.get());
}

FileVersion FileVersion::of(const std::filesystem::path& path) {
  const struct stat status = status_of(path);
  FileVersion version = {status.st_dev, status.st_ino, static_cast<uint64_t>(status.st_size),
                         changed_ns(status)};
  if (!S_ISDIR(status.st_mode)) return version;
  version.size_bytes = 0;
  std::error_code error;
  for (fs::recursive_directory_iterator entry(path, error), end; !error && entry != end;
       entry.increment(error)) {
    const struct stat inner = status_of(entry->path());
    if (S_ISREG(inner.st_mode)) version.size_bytes += static_cast<uint64_t>(inner.st_size);
    version.modified_ns = std::max(version.modified_ns, changed_ns(inner));
  }
  if (error) fail(ErrorCode::io, path.string(), "cannot look into the folder: {}", error.message());
  return version;
}

uint32_t fingerprint(const formats::ModelFile& file) {
  Checksum sum;
  sum.add(file.config);
  const auto add_tensor = [&sum](const formats::NamedTensor& named) {
    sum.add(named.name);
    sum.add(dtype_name(named.tensor.dtype));
    sum.add(named.tensor.shape.to_string());
  };
  for (const formats::LayerWeights& layer : file.layers) {
    sum.add(layer.layer);
    for (const formats::NamedTensor& weight : layer.weights) add_tensor(weight);
  }
  for (const formats::NamedTensor& variable : file.variables) add_tensor(variable);
  return sum.value();
}

std::string Identity::to_handle(LongHandle& kept) const {
  const pid_t process = ::getpid();
  const std::string text =
      to_text(*this, image == nullptr ? kFile : kSegment,
              image == nullptr ? path : fmt::format("/proc/{}/fd/{}", process, image->get()));
  if (text.size() <= kMaxHandleBytes) return text;
  if (kept.process != process) kept = {process, memory_of(text)};
  Identity memory;
  memory.version = FileVersion::of(own_path(kept.memory));
  return to_text(memory, kLong, fmt::format("/proc/{}/fd/{}", process, kept.memory.get()));
}

Identity Identity::from_handle(const std::string& handle) {
  std::string kind;
  Identity identity = parse(handle, kind);
  if (kind == kLong) {
    const Descriptor memory = open_of_process(identity);
    identity = parse(read_all(memory, identity.version.size_bytes), kind);
  }
  if (kind == kSegment) {
    identity.image = std::make_shared<const Descriptor>(open_of_process(identity));
    identity.path = own_path(*identity.image);
  }
  return identity;
}

void Identity::check_version() const {
  const FileVersion now = FileVersion::of(path);
  if (now == version) return;
  std::string change = "was written to since";
  if (now.device != version.device || now.inode != version.inode) {
    change = "was replaced by another file";
  } else if (now.size_bytes != version.size_bytes) {
    change = fmt::format("has {} bytes now and had {}", now.size_bytes, version.size_bytes);
  }
  fail(ErrorCode::bad_file, path,
       "the file is not the one that the handle was made of, it {}; load the model again", change);
}

}  // namespace cornu
