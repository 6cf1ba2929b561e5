#include "runtime/arena.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

#include "support/expect_error.h"

namespace cornu::runtime {
namespace {

TEST(ArenaPlanner, a_freed_range_is_used_again) {
  ArenaPlanner arena;
  const int64_t a = arena.take(1000);
  const int64_t b = arena.take(100);
  arena.give_back(a);
  EXPECT_EQ(arena.take(900), a);
  EXPECT_NE(arena.take(900), b);
}

TEST(ArenaPlanner, neighbours_merge_and_the_end_grows) {
  ArenaPlanner arena;
  const int64_t a = arena.take(64);
  const int64_t b = arena.take(64);
  arena.give_back(a);
  arena.give_back(b);
  EXPECT_EQ(arena.take(256), 0);
  EXPECT_EQ(arena.size_bytes(), 256);
}

TEST(ArenaPlanner, living_ranges_never_overlap) {
  std::mt19937 random(7);  // seed 7
  ArenaPlanner arena;
  std::map<int64_t, int64_t> live;
  for (int i = 0; i < 2000; ++i) {
    if (!live.empty() && random() % 2 == 0) {
      auto victim = live.begin();
      std::advance(victim, static_cast<long>(random() % live.size()));
      arena.give_back(victim->first);
      live.erase(victim);
      continue;
    }
    const int64_t size = static_cast<int64_t>(random() % 5000);
    const int64_t offset = arena.take(size);
    EXPECT_EQ(offset % 64, 0);
    for (const auto& [other, other_size] : live)
      EXPECT_TRUE(offset + size <= other || other + other_size <= offset);
    live[offset] = size;
    EXPECT_LE(offset + size, arena.size_bytes());
  }
}

TEST(ArenaPlanner, an_absurd_size_is_out_of_memory) {
  ArenaPlanner arena;
  test::expect_error(ErrorCode::out_of_memory, [&] { arena.take(int64_t{1} << 60); });
}

}  // namespace
}  // namespace cornu::runtime
