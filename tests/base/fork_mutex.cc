#include "base/fork_mutex.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <thread>

namespace cornu {
namespace {

TEST(ForkMutex, is_free_in_a_child_that_is_forked_while_another_thread_uses_it) {
  std::atomic<bool> stop = false;
  int64_t turns = 0;
  std::thread user([&] {
    while (!stop) {
      const std::lock_guard lock(fork_mutex());
      ++turns;
    }
  });
  for (int i = 0; i < 50; ++i) {
    const pid_t child = ::fork();
    if (child == 0) {
      ::alarm(20);  // a child that waits forever is killed, which fails the test
      fork_mutex().lock();
      ::_exit(0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  }
  stop = true;
  user.join();
  EXPECT_GT(turns, 0);
}

}  // namespace
}  // namespace cornu
