#include "runtime/arena.h"

#include <algorithm>

#include "base/fail.h"

namespace cornu::runtime {
namespace {

constexpr int64_t kAlignment = 64;  // a cache line, and the widest vector

}  // namespace

int64_t ArenaPlanner::take(int64_t size_bytes) {
  if (size_bytes > kMaxArenaBytes - size_bytes_) {
    fail(ErrorCode::out_of_memory, "",
         "the model needs {} bytes for one tensor, more than an address space holds", size_bytes);
  }
  const int64_t size = std::max(kAlignment, (size_bytes + kAlignment - 1) / kAlignment * kAlignment);
  auto best = free_.end();
  for (auto range = free_.begin(); range != free_.end(); ++range) {
    if (range->second >= size && (best == free_.end() || range->second < best->second)) best = range;
  }
  int64_t offset;
  if (best != free_.end()) {
    offset = best->first;
    const int64_t rest = best->second - size;
    free_.erase(best);
    if (rest > 0) free_[offset + size] = rest;
  } else {
    // Grow at the end; a free range that touches the end is extended rather than left behind.
    offset = size_bytes_;
    if (!free_.empty()) {
      const auto last = std::prev(free_.end());
      if (last->first + last->second == size_bytes_) {
        offset = last->first;
        free_.erase(last);
      }
    }
    size_bytes_ = offset + size;
  }
  used_[offset] = size;
  return offset;
}

void ArenaPlanner::give_back(int64_t offset) {
  const auto found = used_.find(offset);
  if (found == used_.end()) fail(ErrorCode::internal, "", "the arena range at {} is not in use", offset);
  auto range = free_.emplace(offset, found->second).first;
  used_.erase(found);
  const auto next = std::next(range);
  if (next != free_.end() && range->first + range->second == next->first) {
    range->second += next->second;
    free_.erase(next);
  }
  if (range != free_.begin()) {
    const auto before = std::prev(range);
    if (before->first + before->second == range->first) {
      before->second += range->second;
      free_.erase(range);
    }
  }
}

}  // namespace cornu::runtime
