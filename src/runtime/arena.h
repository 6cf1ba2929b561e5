// ArenaPlanner: gives byte ranges of one arena to values with known lifetimes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace cornu::runtime {

// No tensor and no arena may be larger: half of what x86-64 can address; more is a wrong shape.
constexpr int64_t kMaxArenaBytes = int64_t{1} << 46;

// First come all take() and give_back(), in the order of the run, then place(): the largest range first, each at the lowest
// offset where nothing is that lives at the same time. Every range is 64-byte aligned. Deterministic.
class ArenaPlanner {
 public:
  int64_t take(int64_t size_bytes);  // the number of a range; throws out_of_memory beyond kMaxArenaBytes
  void give_back(int64_t range);     // ends its life; without it, it lives to the end
  void place();
  int64_t offset(int64_t range) const { return ranges_[static_cast<size_t>(range)].offset; }
  int64_t size_bytes() const { return size_bytes_; }

 private:
  struct Range {
    int64_t size;
    int64_t begin, end;  // of its life, by the clock
    int64_t offset = 0;
  };

  std::vector<Range> ranges_;
  int64_t clock_ = 0;  // counts take() and give_back()
  int64_t taken_ = 0;  // bytes that live now
  int64_t size_bytes_ = 0;
};

}  // namespace cornu::runtime
