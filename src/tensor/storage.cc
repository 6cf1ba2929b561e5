#include "tensor/storage.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <new>

#include "base/descriptor.h"
#include "base/fail.h"

namespace cornu {
namespace {

class MappedFile : public Storage {
 public:
  MappedFile(std::string name, void* data, size_t size_bytes)
      : Storage(StorageKind::mapped_file, std::move(name)) {
    bytes_ = {static_cast<const std::byte*>(data), size_bytes};
  }
  ~MappedFile() override { ::munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size()); }
};

bool same_version(const struct stat& a, const struct stat& b) {
  return a.st_size == b.st_size && a.st_mtim.tv_sec == b.st_mtim.tv_sec &&
         a.st_mtim.tv_nsec == b.st_mtim.tv_nsec;
}

[[noreturn]] void fail_errno(const std::string& name, const char* action, int error) {
  const ErrorCode code = error == ENOENT || error == ENOTDIR ? ErrorCode::not_found
                         : error == ENOMEM                   ? ErrorCode::out_of_memory
                                                             : ErrorCode::io;
  fail(code, name, "cannot {}: {}", action, std::strerror(error));
}

}  // namespace

StoragePtr map_file(const std::filesystem::path& path) {
  const std::string name = path.string();
  // O_NONBLOCK: opening a FIFO must not wait for a writer.
  const Descriptor file(::open(name.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.get() < 0) fail_errno(name, "open the file", errno);
  struct stat before {};
  if (::fstat(file.get(), &before) != 0) fail_errno(name, "read the file's size", errno);
  if (S_ISDIR(before.st_mode)) fail(ErrorCode::io, name, "is a directory, not a file");
  if (!S_ISREG(before.st_mode)) fail(ErrorCode::io, name, "is not a regular file");
  if (before.st_size == 0) fail(ErrorCode::bad_file, name, "the file is empty (0 bytes)");
  const auto size_bytes = static_cast<size_t>(before.st_size);
  void* data = ::mmap(nullptr, size_bytes, PROT_READ, MAP_SHARED, file.get(), 0);
  if (data == MAP_FAILED) fail_errno(name, "map the file", errno);
  auto mapped = std::make_shared<MappedFile>(name, data, size_bytes);
  struct stat after {};
  if (::fstat(file.get(), &after) != 0 || !same_version(before, after)) {
    fail(ErrorCode::bad_file, name,
         "the file changes while it is being loaded; load it once its writer is done");
  }
  return mapped;
}

namespace {

// Below this the C++ heap is faster than a system call and a page fault.
constexpr size_t kSmallBytes = 64 * 1024;
constexpr std::align_val_t kAlignment{64};  // a cache line, and the widest vector
constexpr size_t kHugePage =
    2 << 20;  // of x86-64, and of aarch64 with pages of 4 kB; elsewhere it only aligns

// Zeroed memory. Its whole huge pages are asked for as such: fewer faults at the first touch, fewer misses of
// the address translation. The rest stays in small pages, so that nothing is paid that was not asked for.
void* map_memory(size_t size_bytes) {
  const size_t huge_bytes = size_bytes / kHugePage * kHugePage;
  const size_t slack = huge_bytes > 0 ? kHugePage : 0;
  void* const mapped =
      ::mmap(nullptr, size_bytes + slack, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapped == MAP_FAILED) fail(ErrorCode::out_of_memory, "", "cannot allocate {} bytes", size_bytes);
  if (slack == 0) return mapped;
  auto* const start = static_cast<std::byte*>(mapped);
  const size_t before = (kHugePage - reinterpret_cast<uintptr_t>(mapped) % kHugePage) % kHugePage;
  const size_t page = static_cast<size_t>(::sysconf(_SC_PAGESIZE));
  const size_t end = (before + size_bytes + page - 1) / page * page;
  if (before > 0) ::munmap(start, before);
  if (end < size_bytes + slack) ::munmap(start + end, size_bytes + slack - end);
  ::madvise(start + before, huge_bytes, MADV_HUGEPAGE);  // where it is refused, small pages do
  return start + before;
}

}  // namespace

HeapStorage::HeapStorage(size_t size_bytes) : Storage(StorageKind::heap, "heap"), data_(nullptr) {
  if (size_bytes == 0) return;
  if (size_bytes <= kSmallBytes) {
    data_ = static_cast<std::byte*>(::operator new(size_bytes, kAlignment));
    std::memset(data_, 0, size_bytes);
  } else {
    data_ = static_cast<std::byte*>(map_memory(size_bytes));
  }
  bytes_ = {data_, size_bytes};
}

HeapStorage::~HeapStorage() {
  if (data_ == nullptr) return;
  if (bytes_.size() <= kSmallBytes) {
    ::operator delete(data_, kAlignment);
  } else {
    ::munmap(data_, bytes_.size());
  }
}

SharedStorage::SharedStorage(std::string name, size_t size_bytes)
    : Storage(StorageKind::shared_segment, std::move(name)) {
  descriptor_ = ::memfd_create("cornu", MFD_CLOEXEC);
  if (descriptor_ < 0) fail_errno(this->name(), "create shared memory", errno);
  if (::ftruncate(descriptor_, static_cast<off_t>(size_bytes)) != 0) {
    const int error = errno;
    ::close(descriptor_);
    fail_errno(this->name(), "size shared memory", error);
  }
  if (size_bytes == 0) return;
  void* data = ::mmap(nullptr, size_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor_, 0);
  if (data == MAP_FAILED) {
    const int error = errno;
    ::close(descriptor_);
    fail_errno(this->name(), "map shared memory", error);
  }
  data_ = static_cast<std::byte*>(data);
  bytes_ = {data_, size_bytes};
}

SharedStorage::~SharedStorage() {
  if (data_ != nullptr) ::munmap(data_, bytes_.size());
  ::close(descriptor_);
}

}  // namespace cornu
