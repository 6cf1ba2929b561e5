// What a pool does with its processes; tests/serve/pool.cc has those that need a model.
#include "serve/workers.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <thread>

#include "support/expect_error.h"
#include "support/temporary_folder.h"

namespace cornu::serve {
namespace {

namespace fs = std::filesystem;

class WorkersTest : public ::testing::Test {
 protected:
  // A program of the shell that is no worker.
  fs::path program(const std::string& script) const {
    const fs::path path = folder_.write("program", "#!/bin/sh\n" + script + "\n");
    fs::permissions(path, fs::perms::owner_all);
    return path;
  }

  const test::TemporaryFolder folder_;
  const Segment segment_{"", 1, 1, 1};
  Requests requests_{segment_};
};

TEST_F(WorkersTest, a_program_that_ends_before_it_is_ready_is_started_again_and_given_up) {
  const fs::path count = folder_.write("count", "");
  const fs::path path = program("echo >> " + count.string() + "; kill -9 $$");
  test::expect_error(
      kWorkerDied, [&] { Workers(segment_, requests_, path); },
      "was killed by signal 9 (Killed) before it had loaded the model");
  EXPECT_EQ(fs::file_size(count), 20U) << "starts";
}

TEST_F(WorkersTest, requests_fail_with_the_reason_when_no_worker_can_be_started) {
  const PendingPtr waiting = requests_.submit({}, 1, kNever, false);
  test::expect_error(
      kWorkerDied, [&] { Workers(segment_, requests_, program("exit 3")); }, "status 3");
  EXPECT_TRUE(requests_.settled(waiting));
  ASSERT_TRUE(waiting->error);
  EXPECT_EQ(waiting->error->code(), kWorkerDied);
}

TEST_F(WorkersTest, a_worker_that_does_not_leave_is_killed_when_the_pool_ends) {
  segment_.seats()[0].status.store(SeatStatus::ready);  // as if it had loaded the model
  Workers workers(segment_, requests_, program("trap '' TERM; while :; do sleep 1; done"));
  while (workers.ids().empty()) std::this_thread::yield();  // the supervisor starts it
  workers.stop(true);
  EXPECT_TRUE(workers.ids().empty());
  workers.stop(true);
}

}  // namespace
}  // namespace cornu::serve
