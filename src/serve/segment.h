// The memory that a pool and its workers share: one memfd, inherited by the workers.
//
//   Header, Seat[workers], Slot[slots], then for each slot kSlotSpan bytes of file (sparse) for its request and answer
//
// A request goes through the phases of its slot: free -> queued (owner) -> running by a worker (that worker) -> done (that
// worker) -> free (owner). Each step is one compare-and-swap on Slot::state, so a worker that is killed anywhere leaves the
// slot free, queued, running under its number, or done; there is no lock that it could hold. Of a dead worker only the owner
// changes slots. Plain fields of a slot belong to whoever the phase says, and are published by the step.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/descriptor.h"

namespace cornu::serve {

constexpr size_t kLine = 64;  // a cache line: what different processes write lies apart
constexpr uint64_t kSlotSpan = uint64_t{1}
                               << 34;  // address space only; a request and its answer fit in 16 GiB
constexpr uint64_t kKeptBytes = uint64_t{8}
                                << 20;  // memory of a free slot that is not given back to the system
constexpr size_t kMaxErrorBytes = 4096;

enum class Phase : uint8_t { free, queued, running, done };

// Packed into one word, so that it changes in one step.
struct SlotState {
  uint32_t generation = 0;  // raised whenever the slot is freed
  uint16_t worker = 0;      // of running and done
  Phase phase = Phase::free;

  static SlotState unpack(uint64_t word) {
    return {static_cast<uint32_t>(word >> 32), static_cast<uint16_t>(word >> 8),
            static_cast<Phase>(word & 0xff)};
  }
  uint64_t pack() const {
    return uint64_t{generation} << 32 | uint64_t{worker} << 8 | static_cast<uint64_t>(phase);
  }
  SlotState with(Phase next, uint16_t by = 0) const { return {generation, by, next}; }
};

struct alignas(kLine) Slot {
  std::atomic<uint64_t> state;
  std::atomic<uint64_t> order;  // of queueing: the smallest is taken first
  int64_t batch_size;
  uint64_t request_bytes;  // at the start of the slot's memory
  uint64_t answer_offset;  // in the slot's memory
  uint64_t answer_bytes;
  uint32_t failed;  // the answer is an error
};

enum class SeatStatus : uint32_t { starting, ready, failed };

struct alignas(kLine) Seat {
  std::atomic<SeatStatus> status;
  uint32_t error_bytes;  // of failed
  std::byte error[kMaxErrorBytes];
};

struct alignas(kLine) Header {
  char magic[32];  // kMagic and the version: another program is told so, not misunderstood
  uint64_t control_bytes;
  uint32_t workers;
  uint32_t slots;
  int32_t threads;
  pid_t owner;
  uint32_t handle_bytes;
  char handle[1024];
  alignas(kLine) std::atomic<uint32_t> work;    // futex of the workers: raised for every queued request
  alignas(kLine) std::atomic<uint32_t> events;  // futex of the owner: raised for every answer
  std::atomic<uint32_t> stop;
};

// Sleeps until the word is no longer `expected`, somebody wakes it, or the time is over. May return early.
void wait_on(const std::atomic<uint32_t>& word, uint32_t expected, std::chrono::nanoseconds time);
void wake(const std::atomic<uint32_t>& word, int sleepers);
void raise(std::atomic<uint32_t>& word, int sleepers);  // adds one and wakes

// The control part, mapped. The object that creates it is the owner's.
class Segment {
 public:
  // Throws out_of_memory, io.
  Segment(std::string_view handle, int threads, int workers, int slots);
  // A worker's view of an inherited descriptor. Throws io, and unsupported when another version made it.
  explicit Segment(Descriptor memory);
  ~Segment();
  Segment(const Segment&) = delete;
  Segment& operator=(const Segment&) = delete;

  Header& header() const { return *static_cast<Header*>(control_); }
  std::span<Seat> seats() const;
  std::span<Slot> slots() const;
  const Descriptor& memory() const { return memory_; }

 private:
  Descriptor memory_;
  void* control_ = nullptr;
  size_t control_bytes_ = 0;
};

// The memory of one slot as one process sees it; mapped when it is used, and again when it grows.
class SlotMemory {
 public:
  SlotMemory() = default;
  ~SlotMemory();
  SlotMemory(SlotMemory&& other) noexcept;
  SlotMemory& operator=(SlotMemory&&) = delete;

  // At least `bytes` of the slot. An earlier pointer is good until the call after this one. Throws out_of_memory when a slot
  // cannot be as large.
  std::byte* at_least(const Segment& segment, size_t slot, uint64_t bytes);
  // Gives memory beyond kKeptBytes back to the system.
  void shrink(const Segment& segment, size_t slot);

 private:
  struct Mapping {
    std::byte* data = nullptr;
    uint64_t bytes = 0;
    void unmap();
  };
  Mapping now_;
  Mapping before_;
};

}  // namespace cornu::serve
