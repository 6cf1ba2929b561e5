#include "formats/zip_writer.h"

#include <minizip/zip.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "base/fail.h"

namespace cornu::formats {
namespace {

constexpr size_t kAlignment = 64;         // a cache line; the arrays inside are aligned to it as well
constexpr size_t kWriteStep = 1 << 26;    // minizip counts one write in an unsigned int
constexpr size_t kLocalHeaderBytes = 30;  // APPNOTE 4.3.7
constexpr size_t kZip64ExtraBytes = 20;   // minizip puts it behind the extra field it is given
constexpr int kMadeByUnix = 3 << 8;
// The field that Android's zipalign pads with: identifier, size, then the alignment and zeros.
constexpr uint16_t kPaddingField = 0xd935;
constexpr size_t kPaddingHead = 6;

// minizip's file callbacks, of which opening and closing are the caller's business.
voidpf use_stream(voidpf opaque, const void*, int) {
  return opaque;
}
int keep_open(voidpf, voidpf) {
  return 0;
}

// An extra field that makes the content start at a multiple of kAlignment.
struct Padding {
  std::array<unsigned char, 3 * kAlignment> bytes{};
  size_t size = 0;

  explicit Padding(size_t content_at) {
    size = (kAlignment - content_at % kAlignment) % kAlignment;
    if (size > 0 && size < kPaddingHead) size += kAlignment;
    // HDF5 files may start at 512, 1024, 2048, ... of another file: one inside a zip must not, or the zip reads as HDF5.
    const size_t at = content_at + size;
    if (at >= 512 && (at & (at - 1)) == 0) size += kAlignment;
    if (size == 0) return;
    const auto put = [this](size_t at, size_t value) {
      bytes[at] = static_cast<unsigned char>(value);
      bytes[at + 1] = static_cast<unsigned char>(value >> 8);
    };
    put(0, kPaddingField);
    put(2, size - 4);
    put(4, kAlignment);
  }
};

}  // namespace

ZipWriter::ZipWriter(std::FILE* stream, std::string name) : stream_(stream), name_(std::move(name)) {
  zlib_filefunc64_def callbacks;
  fill_fopen64_filefunc(&callbacks);
  callbacks.zopen64_file = use_stream;
  callbacks.zclose_file = keep_open;
  callbacks.opaque = stream;
  zip_ = zipOpen2_64(name_.c_str(), APPEND_STATUS_CREATE, nullptr, &callbacks);
  if (zip_ == nullptr) fail(ErrorCode::out_of_memory, name_, "cannot start a zip archive");
}

ZipWriter::~ZipWriter() {
  if (zip_ != nullptr) zipClose(zip_, nullptr);
}

void ZipWriter::check(int status) const {
  if (status != ZIP_OK) {
    fail(ErrorCode::io, name_, "cannot write the file: {}", std::strerror(errno != 0 ? errno : EIO));
  }
}

void ZipWriter::close_entry() {
  if (in_entry_) check(zipCloseFileInZip(zip_));
  in_entry_ = false;
}

void ZipWriter::begin(const std::string& entry, bool may_be_large) {
  close_entry();
  const off_t at = ftello(stream_);
  if (at < 0) check(ZIP_ERRNO);
  const Padding padding(static_cast<size_t>(at) + kLocalHeaderBytes + entry.size() +
                        (may_be_large ? kZip64ExtraBytes : 0));
  zip_fileinfo info{};
  info.dosDate = 1 << 21 | 1 << 16;   // 1980-01-01, the first date a zip can hold
  info.external_fa = 0100644u << 16;  // a regular file
  check(zipOpenNewFileInZip4_64(zip_, entry.c_str(), &info, padding.bytes.data(),
                                static_cast<unsigned>(padding.size), nullptr, 0, nullptr, 0, 0, 0, -MAX_WBITS,
                                DEF_MEM_LEVEL, Z_DEFAULT_STRATEGY, nullptr, 0, kMadeByUnix, 0,
                                may_be_large ? 1 : 0));
  in_entry_ = true;
}

void ZipWriter::write(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const auto step = bytes.first(std::min(bytes.size(), kWriteStep));
    check(zipWriteInFileInZip(zip_, step.data(), static_cast<unsigned>(step.size())));
    bytes = bytes.subspan(step.size());
  }
}

void ZipWriter::finish() {
  close_entry();
  const zipFile zip = std::exchange(zip_, nullptr);
  check(zipClose(zip, nullptr));
}

}  // namespace cornu::formats
