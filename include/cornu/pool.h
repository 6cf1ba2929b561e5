// Pool: worker processes that predict over one copy of a model's weights.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "cornu/model.h"

namespace cornu {

// What only requests to a pool end with; numbered on from the codes of error.h.
constexpr ErrorCode kTimedOut = static_cast<ErrorCode>(11);
constexpr ErrorCode kWorkerDied = static_cast<ErrorCode>(12);

struct PoolOptions {
  int threads_per_worker = 0;  // 1..1024; 0: the cores this process may use over the workers, at least 1
  int max_pending = 0;  // requests that are taken before submit() waits, 1..16384; 0: four for each worker
  // The `cornu` program, which the workers run. Empty: beside the running program, beside the library's module, or in PATH.
  std::filesystem::path program{};
  // Called about ten times a second by a thread that waits for a place or an answer; what it throws ends the wait.
  std::function<void()> on_wait{};
};

struct RequestOptions {
  int64_t batch_size = 32;  // rows of one pass, as in Model::predict
  std::chrono::nanoseconds timeout = std::chrono::nanoseconds::max();  // from submit() on; then timed_out
};

// The answer to a request, now or later. Moved, not copied; any thread, one at a time. Dropping it drops the request.
class Reply {
 public:
  // Whether get() would return at once.
  bool ready() const;
  // Waits until ready() or for `time`; returns ready().
  bool wait_for(std::chrono::nanoseconds time) const;
  // The outputs in the model's order; at most once.
  // Throws   what Model::predict throws; timed_out; worker_died if every try ended the worker; bad_argument if cancelled
  std::vector<Array> get();
  // Takes the request back if no worker has begun it; returns whether it is cancelled.
  bool cancel();

  ~Reply();
  Reply(Reply&&) noexcept;
  Reply& operator=(Reply&&) noexcept;

 private:
  friend class Pool;
  struct State;
  explicit Reply(std::shared_ptr<State> state);
  std::shared_ptr<State> state_;
};

// Workers are programs of their own, started once: they map the model's file like any other process, and cost a few MB each.
// Requests and answers go through shared memory. A worker that dies is replaced and its request runs again (three tries). A
// worker that is still busy a second after its request's timeout is killed and replaced. Workers end with the pool, also when
// the owner is killed.
// Threads: any number may call at the same time. A child of fork() cannot use its parent's pool: bad_argument.
class Pool {
 public:
  // Starts `workers` processes (1..4096) and returns when all have the model.
  // Throws   bad_argument; not_found without the `cornu` program; out_of_memory if the machine has too little for so many;
  //          what Model::attach throws in a worker; worker_died
  Pool(const Model& model, int workers, const PoolOptions& options = {});
  // Drops what is not answered, as terminate() does.
  ~Pool();
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  // Answers for the whole first axis, shared among the workers.
  //   batch_size  rows of one piece: the pieces and so the bits are those of Model::predict; 0: rows over workers, at most 32
  //   timeout     for all of it
  // Throws   what Reply::get throws
  std::vector<Array> predict(std::span<const Array> inputs, int64_t batch_size = 0,
                             std::chrono::nanoseconds timeout = RequestOptions{}.timeout);

  // Hands one request to the next free worker; the inputs are copied. Waits while max_pending requests are unanswered.
  // Throws   bad_argument if the pool is closed; timed_out; worker_died if no worker can be started any more
  Reply submit(std::span<const Array> inputs, const RequestOptions& options = {});
  // The same without waiting: nothing if max_pending requests are unanswered.
  std::optional<Reply> try_submit(std::span<const Array> inputs, const RequestOptions& options = {});

  // Calls `next` for request after request until it returns nothing, and `done` with the number of the request (from 0) as
  // answers come, in any order. Both are called on this thread. An error ends it and is thrown.
  void for_each(const std::function<std::optional<std::vector<Array>>()>& next,
                const std::function<void(int64_t number, std::vector<Array> answers)>& done,
                const RequestOptions& options = {});

  // Counts whatever happens to requests. wait_for_event() returns the count when it is no longer `seen`, or after `time`.
  uint32_t events() const;
  uint32_t wait_for_event(uint32_t seen, std::chrono::nanoseconds time) const;

  // Takes no more requests, answers those it has, and ends the workers.
  void close();
  // The same without answering: requests that are not answered fail with worker_died.
  void terminate();

  int threads_per_worker() const;
  std::vector<pid_t> workers() const;  // process ids of those that live

  struct Impl;

 private:
  std::shared_ptr<Impl> impl_;
};

}  // namespace cornu
