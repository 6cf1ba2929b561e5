// Requests: what the owner of a pool knows about the requests in its slots.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cornu/pool.h"
#include "cornu/tensor.h"
#include "serve/segment.h"

namespace cornu::serve {

using Clock = std::chrono::steady_clock;
using Time = Clock::time_point;

constexpr Time kNever = Time::max();
Time time_after(std::chrono::nanoseconds time);  // kNever instead of an overflow

// One request; shared by whoever asked and, until it is settled, by Requests. Guarded by the mutex of Requests.
struct Pending {
  std::optional<size_t> slot;  // until it is settled
  std::vector<Array> answers;
  std::optional<Error> error;
};
using PendingPtr = std::shared_ptr<Pending>;

// Any number of threads may call at the same time; none of the calls runs a model.
class Requests {
 public:
  // `segment` outlives this. `on_wait`: see PoolOptions.
  explicit Requests(const Segment& segment, std::function<void()> on_wait = {});

  // Copies the inputs into a free slot and queues them. Null if none is free and `wait` is false. Throws timed_out, what
  // close() and fail() say, out_of_memory.
  PendingPtr submit(std::span<const Array> inputs, int64_t batch_size, Time deadline, bool wait);
  bool settled(const PendingPtr& pending);
  bool wait(const PendingPtr& pending, Time until);  // returns settled()
  bool cancel(const PendingPtr& pending);            // if no worker has begun it
  void drop(const PendingPtr& pending);              // nobody wants the answer

  uint32_t events() const { return segment_.header().events.load(); }

  void close(const Error& reason);  // submit() throws the reason from now on
  void drain();                     // returns when every request is settled
  void fail(const Error& error);    // close(), and settles every request with the error

  // For the supervisor of the workers.
  // What a worker had begun when it ended is queued again, or settled with an error after kMostTries.
  void worker_ended(size_t seat, const std::string& how);
  struct Overdue {
    Time next = kNever;         // when to look again
    std::vector<size_t> seats;  // of workers to be killed
  };
  Overdue expire(Time now);
  // Called with the lock held when a deadline earlier than Overdue::next comes in.
  std::function<void()> wake_supervisor;

 private:
  struct Request {
    bool taken = false;
    bool busy = false;   // a thread of ours reads or writes the slot's memory
    PendingPtr pending;  // null: nobody wants the answer
    Time deadline = kNever;
    int tries = 1;
  };

  void collect();  // settles what is done
  std::optional<size_t> take_slot();
  void queue(size_t slot, Time deadline, const PendingPtr& pending);
  void settle(size_t slot, std::optional<Error> error, std::vector<Array> answers = {});
  void release(size_t slot);
  bool withdraw(size_t slot);  // queued -> free
  void read_answer(size_t slot, std::vector<Array>& answers, std::optional<Error>& error);
  void announce();
  void sleep(uint32_t seen, Time until);  // until events() is no longer `seen`, or a little while

  const Segment& segment_;
  const std::function<void()> on_wait_;
  std::vector<SlotMemory> memories_;  // each used by the thread that made its request busy
  std::mutex mutex_;
  std::vector<Request> requests_;
  std::optional<Error> closed_;
  uint64_t next_order_ = 0;
  Time next_look_ = kNever;
};

}  // namespace cornu::serve
