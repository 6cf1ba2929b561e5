#include "serve/requests.h"

#include <algorithm>
#include <utility>

#include "api/message.h"
#include "base/fail.h"

namespace cornu::serve {
namespace {

constexpr int kMostTries = 3;  // a request that ends its worker so often is the reason
constexpr std::chrono::seconds kGrace{
    1};  // a late answer may still come; restarting a worker costs time as well
constexpr std::chrono::milliseconds kLongestSleep{100};  // Ctrl-C is answered within it
constexpr int kEverybody = 1 << 30;

Error timed_out() {
  return Error(kTimedOut, "the request's timeout has passed", "pool");
}

Phase phase_of(const Slot& slot) {
  return SlotState::unpack(slot.state.load()).phase;
}

}  // namespace

Time time_after(std::chrono::nanoseconds time) {
  const Time now = Clock::now();
  return time >= kNever - now ? kNever : now + std::max(time, std::chrono::nanoseconds(0));
}

Requests::Requests(const Segment& segment, std::function<void()> on_wait)
    : segment_(segment),
      on_wait_(std::move(on_wait)),
      memories_(segment.slots().size()),
      requests_(segment.slots().size()) {}

void Requests::announce() {
  raise(segment_.header().events, kEverybody);
}

void Requests::sleep(uint32_t seen, Time until) {
  const auto time = std::min<std::chrono::nanoseconds>(until - Clock::now(), kLongestSleep);
  wait_on(segment_.header().events, seen, time);
  if (on_wait_) on_wait_();
}

// The functions below, up to submit(), are called with the lock held.

void Requests::release(size_t slot) {
  memories_[slot].shrink(segment_, slot);
  requests_[slot] = {};
  Slot& shared = segment_.slots()[slot];
  SlotState state = SlotState::unpack(shared.state.load());
  shared.state.store(SlotState{state.generation + 1, 0, Phase::free}.pack());
}

void Requests::settle(size_t slot, std::optional<Error> error, std::vector<Array> answers) {
  const PendingPtr pending = std::move(requests_[slot].pending);
  requests_[slot].pending = nullptr;
  if (pending == nullptr) return;
  pending->slot.reset();
  pending->error = std::move(error);
  pending->answers = std::move(answers);
}

bool Requests::withdraw(size_t slot) {
  Slot& shared = segment_.slots()[slot];
  uint64_t word = shared.state.load();
  const SlotState state = SlotState::unpack(word);
  if (state.phase != Phase::queued) return false;
  if (!shared.state.compare_exchange_strong(word, state.with(Phase::free).pack())) return false;
  release(slot);
  return true;
}

std::optional<size_t> Requests::take_slot() {
  if (closed_) throw Error(*closed_);
  for (size_t i = 0; i < requests_.size(); ++i) {
    if (requests_[i].taken) continue;
    requests_[i].taken = true;
    requests_[i].busy = true;
    return i;
  }
  return std::nullopt;
}

// The functions below take the lock.

void Requests::read_answer(size_t slot, std::vector<Array>& answers, std::optional<Error>& error) {
  const Slot& shared = segment_.slots()[slot];
  try {
    const uint64_t offset = shared.answer_offset;
    const uint64_t bytes = shared.answer_bytes;
    if (offset > kSlotSpan || bytes > kSlotSpan - offset)
      cornu::fail(ErrorCode::internal, "pool", "an answer lies outside of its slot");
    const std::byte* memory = memories_[slot].at_least(segment_, slot, offset + bytes);
    if (shared.failed != 0) {
      error = read_error({memory + offset, bytes});
      return;
    }
    for (const Array& array : read_message({memory + offset, bytes})) answers.push_back(own_copy(array));
  } catch (const Error& failure) {
    error = failure;
  }
}

void Requests::collect() {
  bool any = false;
  std::unique_lock lock(mutex_);
  for (size_t i = 0; i < requests_.size(); ++i) {
    Request& request = requests_[i];
    if (!request.taken || request.busy || phase_of(segment_.slots()[i]) != Phase::done) continue;
    std::vector<Array> answers;
    std::optional<Error> error;
    if (request.pending != nullptr) {
      request.busy = true;  // so that the slot stays ours while the lock is free
      lock.unlock();
      read_answer(i, answers, error);
      lock.lock();
    }
    settle(i, std::move(error), std::move(answers));
    release(i);
    any = true;
  }
  lock.unlock();
  if (any) announce();
}

void Requests::queue(size_t slot, Time deadline, const PendingPtr& pending) {
  const std::lock_guard lock(mutex_);
  if (closed_) {
    release(slot);
    throw Error(*closed_);
  }
  pending->slot = slot;
  Request& request = requests_[slot];
  request.busy = false;
  request.pending = pending;
  request.deadline = deadline;
  Slot& shared = segment_.slots()[slot];
  shared.order.store(next_order_++);
  const SlotState state = SlotState::unpack(shared.state.load());
  shared.state.store(state.with(Phase::queued).pack());
  if (deadline < next_look_ && wake_supervisor) {
    next_look_ = deadline;
    wake_supervisor();
  }
}

PendingPtr Requests::submit(std::span<const Array> inputs, int64_t batch_size, Time deadline, bool wait) {
  std::optional<size_t> slot;
  while (!slot) {
    const uint32_t seen = events();
    collect();
    {
      const std::lock_guard lock(mutex_);
      slot = take_slot();
    }
    if (slot) break;
    if (!wait) return nullptr;
    if (Clock::now() >= deadline) throw timed_out();
    sleep(seen, deadline);
  }
  auto pending = std::make_shared<Pending>();
  Slot& shared = segment_.slots()[*slot];
  try {
    shared.batch_size = batch_size;
    shared.request_bytes = message_bytes(inputs);
    write_message(inputs, memories_[*slot].at_least(segment_, *slot, shared.request_bytes));
  } catch (...) {
    const std::lock_guard lock(mutex_);
    release(*slot);
    throw;
  }
  queue(*slot, deadline, pending);
  raise(segment_.header().work, 1);
  return pending;
}

bool Requests::settled(const PendingPtr& pending) {
  collect();
  const std::lock_guard lock(mutex_);
  return !pending->slot;
}

bool Requests::wait(const PendingPtr& pending, Time until) {
  while (true) {
    const uint32_t seen = events();
    if (settled(pending)) return true;
    if (Clock::now() >= until) return false;
    sleep(seen, until);
  }
}

bool Requests::cancel(const PendingPtr& pending) {
  {
    const std::lock_guard lock(mutex_);
    if (!pending->slot) return false;
    const size_t slot = *pending->slot;
    const PendingPtr kept = requests_[slot].pending;
    if (!withdraw(slot)) return false;
    pending->slot.reset();
    pending->error = Error(ErrorCode::bad_argument, "the request was cancelled", "pool");
  }
  announce();
  return true;
}

void Requests::drop(const PendingPtr& pending) {
  {
    const std::lock_guard lock(mutex_);
    if (!pending->slot) return;
    const size_t slot = *pending->slot;
    pending->slot.reset();
    requests_[slot].pending = nullptr;
    if (requests_[slot].busy || !withdraw(slot)) return;
  }
  announce();
}

void Requests::close(const Error& reason) {
  {
    const std::lock_guard lock(mutex_);
    if (!closed_) closed_ = reason;
  }
  announce();
}

void Requests::drain() {
  while (true) {
    const uint32_t seen = events();
    collect();
    {
      const std::lock_guard lock(mutex_);
      if (std::none_of(requests_.begin(), requests_.end(), [](const Request& r) { return r.taken; })) return;
    }
    sleep(seen, kNever);
  }
}

void Requests::fail(const Error& error) {
  close(error);
  {
    const std::lock_guard lock(mutex_);
    for (size_t i = 0; i < requests_.size(); ++i) {
      if (!requests_[i].taken || requests_[i].busy) continue;
      if (phase_of(segment_.slots()[i]) == Phase::done) continue;  // it has its answer
      settle(i, error);
      withdraw(i);  // what runs is released when its worker ends
    }
  }
  announce();
}

void Requests::worker_ended(size_t seat, const std::string& how) {
  {
    const std::lock_guard lock(mutex_);
    for (size_t i = 0; i < requests_.size(); ++i) {
      Slot& shared = segment_.slots()[i];
      const SlotState state = SlotState::unpack(shared.state.load());
      if (state.phase != Phase::running || state.worker != seat) continue;
      Request& request = requests_[i];
      if (request.pending != nullptr && request.tries >= kMostTries) {
        settle(i,
               Error(kWorkerDied,
                     fmt::format("the worker {} while it computed this request, {} times", how, kMostTries),
                     "pool"));
      }
      if (request.pending == nullptr) {
        release(i);
      } else {
        ++request.tries;
        shared.state.store(state.with(Phase::queued).pack());
      }
    }
  }
  raise(segment_.header().work, kEverybody);  // the dead one may have been woken for another request
  announce();
}

Requests::Overdue Requests::expire(Time now) {
  Overdue overdue;
  bool any = false;
  {
    const std::lock_guard lock(mutex_);
    for (size_t i = 0; i < requests_.size(); ++i) {
      const Request& request = requests_[i];
      if (!request.taken || request.busy || request.deadline == kNever) continue;
      if (request.deadline > now) {
        overdue.next = std::min(overdue.next, request.deadline);
        continue;
      }
      const Time last = request.deadline + kGrace;
      const SlotState state = SlotState::unpack(segment_.slots()[i].state.load());
      if (state.phase == Phase::done) continue;  // in time, and not collected yet
      any = true;
      settle(i, timed_out());
      if (withdraw(i)) continue;
      if (now >= last) overdue.seats.push_back(state.worker);
      overdue.next = std::min(overdue.next, now >= last ? now + kGrace : last);
    }
    next_look_ = overdue.next;
  }
  if (any) announce();
  return overdue;
}

}  // namespace cornu::serve
