// ArenaPlanner: gives byte ranges of one arena to values with known lifetimes.
#pragma once

#include <cstdint>
#include <map>

namespace cornu::runtime {

// No tensor and no arena may be larger: half of what x86-64 can address; more is a wrong shape.
constexpr int64_t kMaxArenaBytes = int64_t{1} << 46;

// Best fit over free ranges; every range is 64-byte aligned. Deterministic.
class ArenaPlanner {
 public:
  int64_t take(int64_t size_bytes);  // an offset; throws out_of_memory beyond kMaxArenaBytes
  void give_back(int64_t offset);    // a range that take() returned
  int64_t size_bytes() const { return size_bytes_; }

 private:
  std::map<int64_t, int64_t> free_;  // offset -> size; neighbours are merged
  std::map<int64_t, int64_t> used_;
  int64_t size_bytes_ = 0;
};

}  // namespace cornu::runtime
