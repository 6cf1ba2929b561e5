#include "serve/segment.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <chrono>
#include <cstring>
#include <thread>
#include <utility>

#include "support/expect_error.h"

namespace cornu::serve {
namespace {

TEST(Segment, a_second_view_sees_what_the_first_wrote) {
  const Segment owner("the handle", 3, 2, 5);
  owner.slots()[4].state.store(SlotState{7, 1, Phase::running}.pack());
  const Segment view(Descriptor(::dup(owner.memory().get())));
  EXPECT_EQ(std::string_view(view.header().handle, view.header().handle_bytes), "the handle");
  EXPECT_EQ(view.header().threads, 3);
  EXPECT_EQ(view.header().owner, ::getpid());
  EXPECT_EQ(view.seats().size(), 2U);
  ASSERT_EQ(view.slots().size(), 5U);
  const SlotState state = SlotState::unpack(view.slots()[4].state.load());
  EXPECT_EQ(state.generation, 7U);
  EXPECT_EQ(state.worker, 1);
  EXPECT_EQ(state.phase, Phase::running);
}

TEST(Segment, memory_that_is_no_pool_is_refused) {
  Descriptor small(::memfd_create("test", MFD_CLOEXEC));
  test::expect_error(ErrorCode::bad_argument, [&] { Segment{std::move(small)}; });
  test::expect_error(ErrorCode::bad_argument, [&] { Segment{Descriptor(-1)}; });
  Descriptor other(::memfd_create("test", MFD_CLOEXEC));
  ASSERT_EQ(::ftruncate(other.get(), 1 << 20), 0);
  test::expect_error(
      ErrorCode::unsupported, [&] { Segment{std::move(other)}; }, "version");
}

TEST(Segment, slots_do_not_overlap_and_keep_their_content_when_they_grow) {
  const Segment segment("", 1, 1, 3);
  std::vector<SlotMemory> memories(3);
  for (size_t slot = 0; slot < 3; ++slot)
    std::memset(memories[slot].at_least(segment, slot, 5000), static_cast<int>(slot + 1), 5000);
  for (size_t slot = 0; slot < 3; ++slot) {
    const std::byte* before = memories[slot].at_least(segment, slot, 5000);
    const std::byte* after = memories[slot].at_least(segment, slot, 20'000'000);
    for (const size_t at : {size_t{0}, size_t{4999}}) {
      EXPECT_EQ(static_cast<size_t>(before[at]), slot + 1) << "the earlier view is good once more";
      EXPECT_EQ(static_cast<size_t>(after[at]), slot + 1);
    }
    EXPECT_EQ(after[19'999'999], std::byte{0});
  }
  test::expect_error(ErrorCode::out_of_memory, [&] { memories[0].at_least(segment, 0, kSlotSpan + 1); });
}

TEST(Segment, a_slot_that_shrinks_gives_its_memory_back) {
  const Segment segment("", 1, 1, 1);
  SlotMemory memory;
  constexpr uint64_t kBytes = 4 * kKeptBytes;
  std::memset(memory.at_least(segment, 0, kBytes), 1, kBytes);
  memory.shrink(segment, 0);
  const std::byte* data = memory.at_least(segment, 0, kBytes);
  EXPECT_EQ(data[kKeptBytes - 1], std::byte{1});
  EXPECT_EQ(data[kKeptBytes], std::byte{0});
}

TEST(Segment, a_sleeper_wakes_when_the_word_is_raised_or_time_is_over) {
  const Segment segment("", 1, 1, 1);
  std::atomic<uint32_t>& word = segment.header().events;
  std::thread other([&] { raise(word, 1); });
  while (word.load() == 0) wait_on(word, 0, std::chrono::seconds(60));
  other.join();
  wait_on(word, 0, std::chrono::seconds(60));  // it is 1 already: returns at once
  wait_on(word, 1, std::chrono::milliseconds(1));
  wait_on(word, 1, std::chrono::nanoseconds(-5));
  EXPECT_EQ(word.load(), 1U);
}

}  // namespace
}  // namespace cornu::serve
