#include "serve/process.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/mman.h>
#include <unistd.h>

#include <filesystem>

#include "support/expect_error.h"
#include "support/temporary_folder.h"

namespace cornu::serve {
namespace {

namespace fs = std::filesystem;

class ProcessTest : public ::testing::Test {
 protected:
  // A program of the shell, run to its end; says how it ended.
  std::string run(const char* script, bool kill = false) {
    const fs::path program = folder_.write("program", std::string("#!/bin/sh\n") + script + "\n");
    fs::permissions(program, fs::perms::owner_all);
    Process process(program, memory_, 7);
    EXPECT_GT(process.id(), 0);
    if (kill) process.kill();
    pollfd end = {process.descriptor(), POLLIN, 0};
    EXPECT_EQ(::poll(&end, 1, 60'000), 1);
    const std::string how = process.reap();
    EXPECT_FALSE(process.started());
    return how;
  }

  const test::TemporaryFolder folder_;
  const Descriptor memory_{::memfd_create("test", MFD_CLOEXEC)};
};

TEST_F(ProcessTest, the_end_of_a_child_is_seen_and_told) {
  EXPECT_EQ(run("exit 5"), "ended with status 5");
  EXPECT_EQ(run("exec sleep 100", true), "was killed by signal 9 (Killed)");
}

TEST_F(ProcessTest, the_child_is_told_its_seat_and_inherits_the_memory_and_nothing_else) {
  constexpr int kOther = 200;
  ASSERT_EQ(::dup2(memory_.get(), kOther),
            kOther);  // a descriptor that programs inherit, as careless libraries open them
  EXPECT_EQ(run("[ \"$1 $2\" = 'pool-worker 7' ] || exit 1\n"
                "[ -e /proc/$$/fd/3 ] || exit 2\n"
                "[ ! -e /proc/$$/fd/200 ] || exit 3\n"
                "[ \"$(readlink /proc/$$/fd/0)$(readlink /proc/$$/fd/1)\" = /dev/null/dev/null ] || exit 4"),
            "ended with status 0");
  ::close(kOther);
}

TEST_F(ProcessTest, a_program_that_cannot_run_is_named) {
  test::expect_error(
      ErrorCode::not_found, [&] { Process("/nowhere", memory_, 0); }, "/nowhere");
  const fs::path text = folder_.write("text", "no program");
  test::expect_error(ErrorCode::io, [&] { Process(text, memory_, 0); });
  test::expect_error(
      ErrorCode::not_found, [&] { find_program(text); }, "is no program");
}

TEST_F(ProcessTest, the_program_beside_the_running_one_is_found) {
  EXPECT_EQ(find_program({}), fs::read_symlink("/proc/self/exe").parent_path() / "cornu");
  EXPECT_EQ(find_program("/bin/sh"), "/bin/sh");
}

}  // namespace
}  // namespace cornu::serve
