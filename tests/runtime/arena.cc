#include "runtime/arena.h"

#include <gtest/gtest.h>

#include <random>
#include <utility>
#include <vector>

#include "support/expect_error.h"

namespace cornu::runtime {
namespace {

TEST(ArenaPlanner, a_range_that_was_given_back_is_used_again) {
  ArenaPlanner arena;
  const int64_t a = arena.take(1000);
  const int64_t b = arena.take(100);
  arena.give_back(a);
  const int64_t c = arena.take(900);
  arena.place();
  EXPECT_EQ(arena.offset(c), arena.offset(a));
  EXPECT_EQ(arena.offset(b), 1024);
  EXPECT_EQ(arena.size_bytes(), 1024 + 128);
}

// What is known to come decides: in the order of the run, the third range would not fit between the others.
TEST(ArenaPlanner, large_ranges_are_placed_before_small_ones) {
  ArenaPlanner arena;
  const int64_t small = arena.take(64);
  const int64_t middle = arena.take(640);
  arena.give_back(small);
  const int64_t large = arena.take(6400);
  arena.place();
  EXPECT_EQ(arena.offset(large), 0);
  EXPECT_EQ(arena.offset(middle), 6400);
  EXPECT_EQ(arena.offset(small), 0);
  EXPECT_EQ(arena.size_bytes(), 6400 + 640);
}

TEST(ArenaPlanner, ranges_that_live_together_never_overlap) {
  std::mt19937 random(7);  // seed 7
  ArenaPlanner arena;
  std::vector<int64_t> live;
  std::vector<int64_t> sizes;
  std::vector<std::pair<int64_t, int64_t>> together;
  for (int i = 0; i < 600; ++i) {
    if (!live.empty() && random() % 2 == 0) {
      const auto victim = live.begin() + static_cast<long>(random() % live.size());
      arena.give_back(*victim);
      live.erase(victim);
      continue;
    }
    sizes.push_back(static_cast<int64_t>(random() % 5000));
    const int64_t range = arena.take(sizes.back());
    for (int64_t other : live) together.emplace_back(range, other);
    live.push_back(range);
  }
  arena.place();
  const auto end = [&](int64_t range) { return arena.offset(range) + sizes[static_cast<size_t>(range)]; };
  for (const auto& [a, b] : together) EXPECT_TRUE(end(a) <= arena.offset(b) || end(b) <= arena.offset(a));
  for (size_t i = 0; i < sizes.size(); ++i) {
    EXPECT_EQ(arena.offset(static_cast<int64_t>(i)) % 64, 0);
    EXPECT_LE(end(static_cast<int64_t>(i)), arena.size_bytes());
  }
}

TEST(ArenaPlanner, a_range_is_given_back_once) {
  ArenaPlanner arena;
  const int64_t range = arena.take(1);
  arena.give_back(range);
  test::expect_error(ErrorCode::internal, [&] { arena.give_back(range); });
}

TEST(ArenaPlanner, an_absurd_size_is_out_of_memory) {
  ArenaPlanner arena;
  test::expect_error(ErrorCode::out_of_memory, [&] { arena.take(int64_t{1} << 60); });
}

}  // namespace
}  // namespace cornu::runtime
