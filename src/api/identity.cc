#include "api/identity.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <zlib.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <string_view>

#include "base/fail.h"

namespace cornu {
namespace {

constexpr std::string_view kMagic =
    "cornu-handle-1";  // first line of every handle; another layout, another number

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

}  // namespace

FileVersion FileVersion::of(const std::filesystem::path& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) {
    const int error = errno;
    if (error == ENOENT || error == ENOTDIR)
      fail(ErrorCode::not_found, path.string(), "there is no such file or folder");
    fail(ErrorCode::io, path.string(), "cannot look at the file: {}", std::strerror(error));
  }
  constexpr int64_t kSecond = 1'000'000'000;
  return {status.st_dev, status.st_ino, static_cast<uint64_t>(status.st_size),
          int64_t{status.st_mtim.tv_sec} * kSecond + status.st_mtim.tv_nsec};
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

std::string Identity::to_handle() const {
  return fmt::format("{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}{}", kMagic, version.device, version.inode,
                     version.size_bytes, version.modified_ns, fingerprint, threads, path.size(), path,
                     config);
}

Identity Identity::from_handle(const std::string& handle) {
  std::string_view rest = handle;
  if (next_line(rest) != kMagic)
    fail(ErrorCode::bad_argument, "handle", "the text of {} bytes is no handle of a model", handle.size());
  Identity identity;
  identity.version.device = next_number<uint64_t>(rest);
  identity.version.inode = next_number<uint64_t>(rest);
  identity.version.size_bytes = next_number<uint64_t>(rest);
  identity.version.modified_ns = next_number<int64_t>(rest);
  identity.fingerprint = next_number<uint32_t>(rest);
  identity.threads = next_number<int>(rest);
  const auto path_size = next_number<size_t>(rest);
  if (path_size > rest.size())
    fail(ErrorCode::bad_argument, "handle", "the path has {} bytes, the handle holds {}", path_size,
         rest.size());
  identity.path = rest.substr(0, path_size);
  identity.config = rest.substr(path_size);
  return identity;
}

}  // namespace cornu
