#include "serve/segment.h"

#include <fcntl.h>
#include <linux/futex.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <new>
#include <utility>

#include "base/fail.h"
#include "cornu/version.h"

namespace cornu::serve {
namespace {

constexpr uint64_t kPage = 4096;  // smallest on x86-64; larger pages round the offsets up themselves
constexpr uint64_t kRound = uint64_t{64} << 10;  // largest page of arm64: offsets of mappings are multiples

uint64_t round_up(uint64_t bytes, uint64_t unit) {
  return (bytes + unit - 1) / unit * unit;
}

std::string magic() {
  return fmt::format("cornu-pool-1 {}", version());
}

uint64_t control_bytes_of(uint64_t workers, uint64_t slots) {
  return round_up(sizeof(Header) + workers * sizeof(Seat) + slots * sizeof(Slot), kRound);
}

void* map_shared(const Descriptor& memory, uint64_t offset, uint64_t bytes) {
  void* data =
      ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, memory.get(), static_cast<off_t>(offset));
  if (data == MAP_FAILED) {
    const int error = errno;
    fail(error == ENOMEM ? ErrorCode::out_of_memory : ErrorCode::io, "pool",
         "cannot map {} bytes of shared memory: {}", bytes, std::strerror(error));
  }
  return data;
}

uint64_t data_offset(const Segment& segment, size_t slot) {
  return segment.header().control_bytes + slot * kSlotSpan;
}

long futex(const std::atomic<uint32_t>& word, int operation, uint32_t value, const timespec* time) {
  static_assert(sizeof(word) == sizeof(uint32_t), "the kernel looks at four bytes");
  return ::syscall(SYS_futex, &word, operation, value, time, nullptr, 0);
}

}  // namespace

void wait_on(const std::atomic<uint32_t>& word, uint32_t expected, std::chrono::nanoseconds time) {
  if (time.count() <= 0) return;
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time);
  const timespec limit = {seconds.count(), static_cast<long>((time - seconds).count())};
  futex(word, FUTEX_WAIT, expected, &limit);  // errors mean: look again
}

void wake(const std::atomic<uint32_t>& word, int sleepers) {
  futex(word, FUTEX_WAKE, static_cast<uint32_t>(sleepers), nullptr);
}

void raise(std::atomic<uint32_t>& word, int sleepers) {
  word.fetch_add(1);
  wake(word, sleepers);
}

Segment::Segment(std::string_view handle, int threads, int workers, int slots)
    : memory_(::memfd_create("cornu-pool", MFD_CLOEXEC)) {
  if (!memory_.valid()) fail(ErrorCode::io, "pool", "cannot make shared memory: {}", std::strerror(errno));
  control_bytes_ = control_bytes_of(static_cast<uint64_t>(workers), static_cast<uint64_t>(slots));
  const uint64_t all_bytes = control_bytes_ + static_cast<uint64_t>(slots) * kSlotSpan;
  if (::ftruncate(memory_.get(), static_cast<off_t>(all_bytes)) != 0) {
    fail(ErrorCode::io, "pool", "cannot size shared memory for {} requests: {}", slots, std::strerror(errno));
  }
  control_ = map_shared(memory_, 0, control_bytes_);
  Header* header = new (control_) Header{};
  const std::string name = magic();
  std::copy_n(name.c_str(), std::min(name.size() + 1, sizeof(header->magic)), header->magic);
  header->control_bytes = control_bytes_;
  header->workers = static_cast<uint32_t>(workers);
  header->slots = static_cast<uint32_t>(slots);
  header->threads = threads;
  header->owner = ::getpid();
  if (handle.size() > sizeof(header->handle))
    fail(ErrorCode::internal, "pool", "the handle has {} bytes", handle.size());
  header->handle_bytes = static_cast<uint32_t>(handle.size());
  std::copy(handle.begin(), handle.end(), header->handle);
  for (Seat& seat : seats()) new (&seat) Seat{};
  for (Slot& slot : this->slots()) new (&slot) Slot{};
}

Segment::Segment(Descriptor memory) : memory_(std::move(memory)) {
  struct stat status {};
  if (::fstat(memory_.get(), &status) != 0 || static_cast<uint64_t>(status.st_size) < kRound)
    fail(ErrorCode::bad_argument, "pool", "the descriptor is not the shared memory of a pool");
  control_bytes_ = kRound;
  control_ = map_shared(memory_, 0, control_bytes_);
  const std::string name = magic();
  if (std::string_view(header().magic, ::strnlen(header().magic, sizeof(Header::magic))) != name) {
    fail(ErrorCode::unsupported, "pool", "the program is of version {}, the pool that started it of another",
         version());
  }
  const uint64_t bytes = header().control_bytes;
  ::munmap(control_, std::exchange(control_bytes_, bytes));
  control_ = nullptr;
  control_ = map_shared(memory_, 0, bytes);
}

Segment::~Segment() {
  if (control_ != nullptr) ::munmap(control_, control_bytes_);
}

std::span<Seat> Segment::seats() const {
  return {reinterpret_cast<Seat*>(&header() + 1), header().workers};
}

std::span<Slot> Segment::slots() const {
  return {reinterpret_cast<Slot*>(seats().data() + header().workers), header().slots};
}

void SlotMemory::Mapping::unmap() {
  if (data != nullptr) ::munmap(data, bytes);
  *this = {};
}

SlotMemory::~SlotMemory() {
  now_.unmap();
  before_.unmap();
}

SlotMemory::SlotMemory(SlotMemory&& other) noexcept
    : now_(std::exchange(other.now_, {})), before_(std::exchange(other.before_, {})) {}

std::byte* SlotMemory::at_least(const Segment& segment, size_t slot, uint64_t bytes) {
  before_.unmap();
  if (bytes <= now_.bytes) return now_.data;
  if (bytes > kSlotSpan) {
    fail(ErrorCode::out_of_memory, "pool", "a request and its answer have {} bytes, at most {} are possible",
         bytes, kSlotSpan);
  }
  before_ = std::exchange(now_, {});
  const uint64_t wanted = std::min(round_up(bytes + bytes / 2, kPage), kSlotSpan);  // so that it rarely grows
  now_ = {static_cast<std::byte*>(map_shared(segment.memory(), data_offset(segment, slot), wanted)), wanted};
  return now_.data;
}

void SlotMemory::shrink(const Segment& segment, size_t slot) {
  if (now_.bytes <= kKeptBytes) return;
  ::fallocate(segment.memory().get(), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
              static_cast<off_t>(data_offset(segment, slot) + kKeptBytes),
              static_cast<off_t>(kSlotSpan - kKeptBytes));
}

}  // namespace cornu::serve
