// The owner's side alone: the test plays the worker, step by step.
#include "serve/requests.h"

#include <gtest/gtest.h>

#include <cstring>
#include <thread>

#include "api/message.h"
#include "support/expect_error.h"

namespace cornu::serve {
namespace {

constexpr std::chrono::hours kLong{1};

class RequestsTest : public ::testing::Test {
 protected:
  static constexpr int kSlots = 2;

  PendingPtr submit(float value, Time deadline = kNever, bool wait = false) {
    value_ = value;
    const Array input = Array::view(DType::float32, {1}, &value_);
    return requests_.submit(std::span(&input, 1), 32, deadline, wait);
  }

  // A worker begins the request of `pending`.
  void begin(const PendingPtr& pending, uint16_t seat) {
    Slot& slot = segment_.slots()[*pending->slot];
    const SlotState state = SlotState::unpack(slot.state.load());
    ASSERT_EQ(state.phase, Phase::queued);
    slot.state.store(state.with(Phase::running, seat).pack());
  }

  // It answers with the request's own array.
  void answer(const PendingPtr& pending) {
    Slot& slot = segment_.slots()[*pending->slot];
    slot.failed = 0;
    slot.answer_offset = 0;
    slot.answer_bytes = slot.request_bytes;
    const SlotState state = SlotState::unpack(slot.state.load());
    slot.state.store(state.with(Phase::done, state.worker).pack());
    raise(segment_.header().events, 100);
  }

  static float value_of(const PendingPtr& pending) {
    EXPECT_FALSE(pending->error);
    EXPECT_EQ(pending->answers.size(), 1U);
    float value = -1;
    if (!pending->answers.empty()) std::memcpy(&value, pending->answers[0].data, sizeof(value));
    return value;
  }

  static void expect_code(const PendingPtr& pending, ErrorCode code) {
    ASSERT_TRUE(pending->error);
    EXPECT_EQ(pending->error->code(), code) << pending->error->what();
  }

  float value_ = 0;
  const Segment segment_{"", 1, 2, kSlots};
  Requests requests_{segment_};
};

TEST_F(RequestsTest, answers_reach_who_asked_in_any_order) {
  const PendingPtr a = submit(1);
  const PendingPtr b = submit(2);
  begin(a, 0);
  begin(b, 1);
  EXPECT_FALSE(requests_.settled(a));
  answer(b);
  EXPECT_TRUE(requests_.wait(b, kNever));
  EXPECT_FALSE(requests_.wait(a, Clock::now()));
  answer(a);
  EXPECT_TRUE(requests_.settled(a));
  EXPECT_EQ(value_of(a), 1);
  EXPECT_EQ(value_of(b), 2);
}

TEST_F(RequestsTest, when_full_nobody_is_let_in_until_an_answer_is_there) {
  const PendingPtr a = submit(1);
  const PendingPtr b = submit(2);
  EXPECT_EQ(submit(3), nullptr);
  test::expect_error(kTimedOut, [&] { submit(3, Clock::now() + std::chrono::milliseconds(1), true); });
  begin(a, 0);
  answer(a);
  const PendingPtr c = submit(3);
  ASSERT_NE(c, nullptr) << "an answer that nobody fetched holds no place";
  EXPECT_EQ(value_of(a), 1);
  begin(c, 0);
  answer(c);
  EXPECT_TRUE(requests_.settled(c));
  EXPECT_EQ(value_of(c), 3);
  EXPECT_FALSE(requests_.settled(b));
}

TEST_F(RequestsTest, submit_waits_for_a_place) {
  const PendingPtr a = submit(1);
  const PendingPtr b = submit(2);
  PendingPtr c;
  std::thread other([&] { c = submit(3, kNever, true); });
  begin(b, 0);
  answer(b);
  other.join();
  EXPECT_TRUE(requests_.settled(b));
  EXPECT_FALSE(requests_.settled(c));
}

TEST_F(RequestsTest, work_of_a_dead_worker_is_queued_again_and_given_up_after_three_tries) {
  const PendingPtr a = submit(1);
  const PendingPtr b = submit(2);
  begin(b, 1);
  for (int tries = 1; tries <= 3; ++tries) {
    begin(a, 0);
    requests_.worker_ended(0, "was killed by signal 9 (Killed)");
    EXPECT_EQ(requests_.settled(a), tries == 3);
  }
  expect_code(a, kWorkerDied);
  EXPECT_NE(std::string(a->error->what()).find("signal 9"), std::string::npos);
  answer(b);
  EXPECT_TRUE(requests_.settled(b));
  EXPECT_EQ(value_of(b), 2) << "another worker's request is left alone";
}

TEST_F(RequestsTest, an_answer_that_was_done_before_the_worker_died_counts) {
  const PendingPtr a = submit(1);
  begin(a, 0);
  answer(a);
  requests_.worker_ended(0, "ended");
  EXPECT_TRUE(requests_.settled(a));
  EXPECT_EQ(value_of(a), 1);
}

TEST_F(RequestsTest, only_what_no_worker_has_begun_is_cancelled) {
  const PendingPtr a = submit(1);
  const PendingPtr b = submit(2);
  begin(a, 0);
  EXPECT_FALSE(requests_.cancel(a));
  EXPECT_TRUE(requests_.cancel(b));
  EXPECT_FALSE(requests_.cancel(b));
  expect_code(b, ErrorCode::bad_argument);
  EXPECT_NE(submit(3), nullptr) << "the place is free again";
}

TEST_F(RequestsTest, dropped_requests_free_their_places) {
  const PendingPtr a = submit(1);
  const PendingPtr b = submit(2);
  begin(a, 0);
  Slot& slot = segment_.slots()[*a->slot];
  requests_.drop(a);
  requests_.drop(b);
  requests_.drop(b);
  EXPECT_NE(submit(3), nullptr);
  EXPECT_EQ(submit(4), nullptr) << "a worker still runs the dropped request";
  slot.state.store(SlotState::unpack(slot.state.load()).with(Phase::done, 0).pack());
  EXPECT_NE(submit(4), nullptr);
}

TEST_F(RequestsTest, a_dropped_request_is_not_run_again) {
  const PendingPtr a = submit(1);
  begin(a, 0);
  requests_.drop(a);
  requests_.worker_ended(0, "ended");
  EXPECT_NE(submit(2), nullptr);
  EXPECT_NE(submit(3), nullptr);
}

TEST_F(RequestsTest, a_deadline_settles_and_names_the_worker_that_goes_on_too_long) {
  const Time now = Clock::now();
  const PendingPtr queued = submit(1, now + kLong);
  const PendingPtr running = submit(2, now + kLong);
  begin(running, 1);
  Requests::Overdue overdue = requests_.expire(now);
  EXPECT_EQ(overdue.next, now + kLong);
  EXPECT_TRUE(overdue.seats.empty());
  overdue = requests_.expire(now + kLong);
  EXPECT_TRUE(requests_.settled(queued));
  expect_code(queued, kTimedOut);
  EXPECT_TRUE(requests_.settled(running));
  expect_code(running, kTimedOut);
  EXPECT_TRUE(overdue.seats.empty()) << "the worker may still end by itself";
  EXPECT_EQ(overdue.next, now + kLong + std::chrono::seconds(1));
  overdue = requests_.expire(overdue.next);
  EXPECT_EQ(overdue.seats, std::vector<size_t>{1});
  requests_.worker_ended(1, "was killed");
  EXPECT_EQ(requests_.expire(overdue.next).next, kNever);
}

TEST_F(RequestsTest, an_answer_in_time_is_no_time_out_though_it_is_fetched_late) {
  const Time now = Clock::now();
  const PendingPtr a = submit(1, now + kLong);
  begin(a, 0);
  answer(a);
  requests_.expire(now + 2 * kLong);
  EXPECT_TRUE(requests_.settled(a));
  EXPECT_EQ(value_of(a), 1);
}

TEST_F(RequestsTest, the_supervisor_is_woken_for_an_earlier_deadline_only) {
  int woken = 0;
  requests_.wake_supervisor = [&] { ++woken; };
  const Time now = Clock::now();
  submit(1, now + 2 * kLong);
  EXPECT_EQ(woken, 1);
  requests_.expire(now);
  submit(2, now + 3 * kLong);
  EXPECT_EQ(woken, 1);
}

TEST_F(RequestsTest, closed_takes_nothing_and_failed_settles_all_but_answers) {
  const PendingPtr queued = submit(1);
  const PendingPtr done = submit(2);
  begin(done, 0);
  answer(done);
  requests_.fail(Error(kWorkerDied, "all are gone", "pool"));
  test::expect_error(
      kWorkerDied, [&] { submit(3); }, "all are gone");
  EXPECT_TRUE(requests_.settled(queued));
  expect_code(queued, kWorkerDied);
  EXPECT_TRUE(requests_.settled(done));
  EXPECT_EQ(value_of(done), 2);
  requests_.drain();
}

TEST_F(RequestsTest, an_error_of_the_worker_is_the_answer) {
  const PendingPtr a = submit(1);
  begin(a, 0);
  Slot& slot = segment_.slots()[*a->slot];
  SlotMemory memory;
  slot.failed = 1;
  slot.answer_offset = 0;
  slot.answer_bytes = write_error(Error(ErrorCode::bad_shape, "no", "x"),
                                  {memory.at_least(segment_, *a->slot, kMaxErrorBytes), kMaxErrorBytes});
  slot.state.store(SlotState::unpack(slot.state.load()).with(Phase::done, 0).pack());
  EXPECT_TRUE(requests_.settled(a));
  expect_code(a, ErrorCode::bad_shape);
}

TEST_F(RequestsTest, nonsense_of_a_broken_worker_is_internal) {
  for (const uint64_t bytes : {uint64_t{0}, uint64_t{16}, kSlotSpan + 1, ~uint64_t{0}}) {
    const PendingPtr a = submit(1);
    begin(a, 0);
    Slot& slot = segment_.slots()[*a->slot];
    slot.answer_offset = 0;
    slot.answer_bytes = bytes;
    slot.state.store(SlotState::unpack(slot.state.load()).with(Phase::done, 0).pack());
    EXPECT_TRUE(requests_.settled(a));
    expect_code(a, ErrorCode::internal);
  }
}

}  // namespace
}  // namespace cornu::serve
