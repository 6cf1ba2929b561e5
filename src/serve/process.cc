#include "serve/process.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <vector>

#include "base/fail.h"
#include "serve/worker.h"

namespace cornu::serve {
namespace {

namespace fs = std::filesystem;

// The attributes and actions of posix_spawn, freed at the end.
class Spawn {
 public:
  explicit Spawn(int memory) {
    ::posix_spawn_file_actions_init(&actions_);
    ::posix_spawn_file_actions_adddup2(&actions_, memory, kMemoryDescriptor);
    ::posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_addopen(&actions_, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    ::posix_spawn_file_actions_addclosefrom_np(&actions_, kMemoryDescriptor + 1);
    ::posix_spawnattr_init(&attributes_);
    sigset_t all;
    sigset_t blocked;
    ::sigfillset(&all);
    ::sigemptyset(&blocked);
    ::sigaddset(&blocked, SIGINT);
    ::posix_spawnattr_setsigdefault(&attributes_, &all);
    ::posix_spawnattr_setsigmask(&attributes_, &blocked);
    ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
  }
  ~Spawn() {
    ::posix_spawn_file_actions_destroy(&actions_);
    ::posix_spawnattr_destroy(&attributes_);
  }
  Spawn(const Spawn&) = delete;
  Spawn& operator=(const Spawn&) = delete;

  // Returns errno's number.
  int run(pid_t& child, const char* program, char* const* arguments) const {
    return ::posix_spawn(&child, program, &actions_, &attributes_, arguments, environ);
  }

 private:
  posix_spawn_file_actions_t actions_;
  posix_spawnattr_t attributes_;
};

std::string end_text(const siginfo_t& info) {
  if (info.si_code == CLD_EXITED) return fmt::format("ended with status {}", info.si_status);
  return fmt::format("was killed by signal {} ({})", info.si_status, ::strsignal(info.si_status));
}

bool is_program(const fs::path& path) {
  std::error_code error;
  return fs::is_regular_file(path, error) && ::access(path.c_str(), X_OK) == 0;
}

std::vector<fs::path> program_folders() {
  std::vector<fs::path> folders;
  std::error_code error;
  const fs::path self = fs::read_symlink("/proc/self/exe", error);
  if (!error) folders.push_back(self.parent_path());
  Dl_info module{};
  if (::dladdr(reinterpret_cast<const void*>(&find_program), &module) != 0 && module.dli_fname != nullptr)
    folders.push_back(fs::absolute(module.dli_fname, error).parent_path());
  const char* path = std::getenv("PATH");
  std::string_view rest = path == nullptr ? "" : path;
  while (!rest.empty()) {
    const size_t end = std::min(rest.find(':'), rest.size());
    if (end > 0) folders.emplace_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return folders;
}

}  // namespace

Process::Process(const fs::path& program, const Descriptor& memory, int seat) {
  const Spawn spawn(memory.get());
  std::string path = program.string();
  std::string command = "pool-worker";
  std::string number = std::to_string(seat);
  const std::array<char*, 4> arguments = {path.data(), command.data(), number.data(), nullptr};
  const int error = spawn.run(id_, path.c_str(), arguments.data());
  if (error != 0) {
    id_ = 0;
    fail(error == ENOENT ? ErrorCode::not_found : ErrorCode::io, path,
         "cannot start worker {} of the pool: {}", seat, std::strerror(error));
  }
  descriptor_ = Descriptor(static_cast<int>(::syscall(SYS_pidfd_open, id_, 0)));
  if (descriptor_.valid()) return;
  const int failure = errno;
  ::kill(id_, SIGKILL);
  ::waitpid(id_, nullptr, 0);
  id_ = 0;
  fail(ErrorCode::io, path, "cannot watch worker {} of the pool: {}", seat, std::strerror(failure));
}

void Process::kill() const {
  ::syscall(SYS_pidfd_send_signal, descriptor_.get(), SIGKILL, nullptr, 0);
}

std::string Process::reap() {
  siginfo_t info{};
  int result = -1;
  do {
    result = ::waitid(P_PIDFD, static_cast<id_t>(descriptor_.get()), &info, WEXITED);
  } while (result != 0 && errno == EINTR);
  id_ = 0;
  descriptor_.reset();
  // A program that ignores SIGCHLD, or waits for children that it did not start, has taken the status away.
  return result == 0 ? end_text(info) : "ended";
}

fs::path find_program(const fs::path& given) {
  if (!given.empty()) {
    if (is_program(given)) return given;
    fail(ErrorCode::not_found, given.string(), "is no program that workers of a pool could run");
  }
  for (const fs::path& folder : program_folders()) {
    if (is_program(folder / "cornu")) return folder / "cornu";
  }
  fail(ErrorCode::not_found, "cornu",
       "the program that workers of a pool run is neither beside this program nor in PATH; name it in "
       "PoolOptions::program");
}

}  // namespace cornu::serve
