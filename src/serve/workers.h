// Workers: the processes of a pool, and the thread that starts, watches and replaces them.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "serve/process.h"
#include "serve/requests.h"
#include "serve/segment.h"

namespace cornu::serve {

class Workers {
 public:
  // `segment` and `requests` outlive this. Starts one worker for each seat and returns when all are ready. Throws what a worker
  // that cannot load the model says, worker_died when workers end before they are ready, not_found and io when the
  // program does not run.
  Workers(const Segment& segment, Requests& requests, std::filesystem::path program);
  // Ends the workers at once if stop() was not called.
  ~Workers();

  // Ends the workers: when they have answered what they have begun, or at once. Returns when all are gone.
  void stop(bool at_once);
  std::vector<pid_t> ids() const;  // of those that live
  // For a child of fork(), whose thread and workers are its parent's: forgets them.
  void forget();

 private:
  struct Place {
    Process process;
    int failed_starts = 0;  // in a row
    Time start_at{};        // when it is started next, if it does not run
  };

  void run();
  void wait_until_ready();
  void start_due(Time now);
  void ended(size_t seat);
  void start_failed(size_t seat, const Error& error, bool for_good);
  bool all_ended() const;
  Time next_start() const;
  void wait_for_something(Time until);
  void kill_all();
  void wake();

  const Segment& segment_;
  Requests& requests_;
  const std::filesystem::path program_;
  Descriptor wake_;  // an eventfd
  mutable std::mutex mutex_;
  std::vector<Place> places_;     // changed by the thread alone; read by others with the lock
  std::optional<Error> failure_;  // no worker can be started
  bool started_ = false;          // all were ready once
  std::optional<Time> stop_at_;   // when those that still run are killed
  std::unique_ptr<std::thread> thread_;
};

}  // namespace cornu::serve
