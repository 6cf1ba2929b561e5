#include "runtime/arena.h"

#include <algorithm>
#include <limits>

#include "base/fail.h"

namespace cornu::runtime {
namespace {

constexpr int64_t kAlignment = 64;  // a cache line, and the widest vector
constexpr int64_t kAlive = std::numeric_limits<int64_t>::max();

}  // namespace

int64_t ArenaPlanner::take(int64_t size_bytes) {
  if (size_bytes > kMaxArenaBytes - taken_) {
    fail(ErrorCode::out_of_memory, "",
         "the model needs {} bytes for one tensor, more than an address space holds", size_bytes);
  }
  const int64_t size = std::max(kAlignment, (size_bytes + kAlignment - 1) / kAlignment * kAlignment);
  taken_ += size;
  ranges_.push_back({size, clock_++, kAlive});
  return static_cast<int64_t>(ranges_.size()) - 1;
}

void ArenaPlanner::give_back(int64_t range) {
  const auto index = static_cast<size_t>(range);
  if (index >= ranges_.size() || ranges_[index].end != kAlive)
    fail(ErrorCode::internal, "", "the arena range {} is not in use", range);
  ranges_[index].end = clock_++;
  taken_ -= ranges_[index].size;
}

void ArenaPlanner::place() {
  std::vector<Range*> order;
  for (Range& range : ranges_) order.push_back(&range);
  std::stable_sort(order.begin(), order.end(),
                   [](const Range* a, const Range* b) { return a->size > b->size; });
  std::vector<const Range*> placed;  // by offset
  for (Range* range : order) {
    range->offset = 0;
    for (const Range* other : placed) {
      if (other->end < range->begin || range->end < other->begin) continue;
      if (other->offset - range->offset >= range->size) break;
      range->offset = std::max(range->offset, other->offset + other->size);
    }
    const auto behind =
        std::upper_bound(placed.begin(), placed.end(), range,
                         [](const Range* a, const Range* b) { return a->offset < b->offset; });
    placed.insert(behind, range);
    size_bytes_ = std::max(size_bytes_, range->offset + range->size);
  }
}

}  // namespace cornu::runtime
