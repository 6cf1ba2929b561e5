// Process: a child that runs a worker, and where its program is.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>

#include "base/descriptor.h"

namespace cornu::serve {

// A started child. The thread that starts it has to live as long as the child: Linux ends the child with that thread.
class Process {
 public:
  Process() = default;
  // Runs `program pool-worker SEAT` with `memory` as its descriptor 3 and no other of ours but standard error; it ignores
  // Ctrl-C. Throws not_found, io.
  Process(const std::filesystem::path& program, const Descriptor& memory, int seat);

  pid_t id() const { return id_; }
  // Readable once the child has ended.
  int descriptor() const { return descriptor_.get(); }
  bool started() const { return id_ > 0; }
  void kill() const;
  // Waits for the end, which descriptor() has shown or kill() has brought; says how it ended ("was killed by signal 9").
  std::string reap();
  // For a child of fork(): the process is its parent's.
  void forget() { id_ = 0; }

 private:
  pid_t id_ = 0;
  Descriptor descriptor_;
};

// The `cornu` program: `given` if it is not empty, else beside the running program or this library's module, else in PATH.
// Throws not_found, which names the places.
std::filesystem::path find_program(const std::filesystem::path& given);

}  // namespace cornu::serve
