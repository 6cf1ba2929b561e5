#include "serve/worker.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

#include "api/message.h"
#include "cornu/model.h"
#include "serve/requests.h"
#include "support/expect_error.h"
#include "support/test_data.h"

namespace cornu::serve {
namespace {

const std::filesystem::path kDigits = test::digits_folder() / "digits.keras";

// Runs a worker of the segment in a child until `work` is done and the pool stops; its exit status.
template <class Work>
int with_worker(const Segment& segment, Work&& work) {
  const pid_t child = ::fork();
  if (child == 0) {
    int status = 99;
    try {
      status = run_worker(Descriptor(::dup(segment.memory().get())), 0);
    } catch (const Error&) {
    }
    ::_exit(status);
  }
  while (segment.seats()[0].status.load() == SeatStatus::starting)
    wait_on(segment.header().events, 0, std::chrono::milliseconds(10));
  work();
  segment.header().stop.store(1);
  raise(segment.header().work, 1);
  int status = -1;
  ::waitpid(child, &status, 0);
  return WEXITSTATUS(status);
}

TEST(Worker, answers_requests_oldest_first_and_ends_when_the_pool_stops) {
  const Segment segment(Model::load(kDigits).handle(), 1, 1, 4);
  Requests requests(segment);
  const std::vector<float> pixels(64, 0.5F);
  const Array right = Array::view(DType::float32, {1, 8, 8, 1}, pixels.data());
  const Array wrong = Array::view(DType::float32, {8, 8}, pixels.data());
  const PendingPtr a = requests.submit(std::span(&right, 1), 32, kNever, false);
  const PendingPtr b = requests.submit(std::span(&wrong, 1), 32, kNever, false);
  EXPECT_EQ(with_worker(segment,
                        [&] {
                          EXPECT_TRUE(requests.wait(b, kNever));
                          EXPECT_TRUE(requests.settled(a)) << "it was asked first";
                        }),
            0);
  ASSERT_EQ(a->answers.size(), 1U);
  EXPECT_EQ(a->answers[0].shape, (std::vector<int64_t>{1, 10}));
  ASSERT_TRUE(b->error);
  EXPECT_EQ(b->error->code(), ErrorCode::bad_shape);
}

TEST(Worker, that_cannot_load_the_model_tells_why) {
  const Segment segment("no handle", 1, 1, 4);
  const auto code = static_cast<int>(ErrorCode::bad_argument);
  EXPECT_EQ(with_worker(segment, [] {}), code);
  const Seat& seat = segment.seats()[0];
  ASSERT_EQ(seat.status.load(), SeatStatus::failed);
  EXPECT_EQ(static_cast<int>(read_error({seat.error, seat.error_bytes}).code()), code);
}

TEST(Worker, whose_owner_is_gone_ends_at_once) {
  const Segment segment("no handle", 1, 1, 4);
  segment.header().owner = ::getppid();
  const pid_t child = ::fork();
  if (child == 0) ::_exit(run_worker(Descriptor(::dup(segment.memory().get())), 0));
  int status = -1;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(WEXITSTATUS(status), 1);
  EXPECT_EQ(segment.seats()[0].status.load(), SeatStatus::starting);
}

}  // namespace
}  // namespace cornu::serve
