#include "serve/workers.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

#include "api/message.h"
#include "base/fail.h"

namespace cornu::serve {
namespace {

constexpr int kMostFailedStarts = 20;                       // in a row of one seat: then it is no accident
constexpr std::chrono::milliseconds kStartDelay{2};         // grows with each failed start in a row
constexpr std::chrono::milliseconds kLongStartDelay{1000};  // once there were kMostFailedStarts
constexpr std::chrono::seconds kStopTime{5};  // for what a worker has begun; a pool that drains waits before
constexpr int kEverybody = 1 << 30;

int poll_ms(Time until) {
  constexpr std::chrono::milliseconds kLongest{3'600'000};
  if (until == kNever) return -1;
  const auto rest = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now());
  return static_cast<int>(std::clamp(rest, std::chrono::milliseconds(0), kLongest).count());
}

}  // namespace

Workers::Workers(const Segment& segment, Requests& requests, std::filesystem::path program)
    : segment_(segment),
      requests_(requests),
      program_(std::move(program)),
      wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      places_(segment.seats().size()) {
  if (!wake_.valid()) fail(ErrorCode::io, "pool", "cannot make an event: {}", std::strerror(errno));
  requests_.wake_supervisor = [this] { wake(); };
  sigset_t all;
  sigset_t before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);  // signals stay the business of the program's own threads
  thread_ = std::make_unique<std::thread>([this] { run(); });
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  try {
    wait_until_ready();
  } catch (...) {
    stop(true);
    throw;
  }
}

Workers::~Workers() {
  stop(true);
}

void Workers::wait_until_ready() {
  const std::span<Seat> seats = segment_.seats();
  while (true) {
    const uint32_t seen = requests_.events();
    {
      const std::lock_guard lock(mutex_);
      if (failure_) throw Error(*failure_);
      if (std::all_of(seats.begin(), seats.end(),
                      [](const Seat& seat) { return seat.status.load() == SeatStatus::ready; })) {
        started_ = true;
        return;
      }
    }
    wait_on(segment_.header().events, seen, std::chrono::seconds(1));
  }
}

void Workers::stop(bool at_once) {
  if (thread_ == nullptr) return;
  {
    const std::lock_guard lock(mutex_);
    stop_at_ = at_once ? Time{} : Clock::now() + kStopTime;
  }
  segment_.header().stop.store(1);
  raise(segment_.header().work, kEverybody);
  wake();
  thread_->join();
  thread_.reset();
}

void Workers::forget() {
  (void)thread_.release();  // there is no such thread here to join
  for (Place& place : places_) place.process.forget();
}

std::vector<pid_t> Workers::ids() const {
  const std::lock_guard lock(mutex_);
  std::vector<pid_t> ids;
  for (const Place& place : places_) {
    if (place.process.started()) ids.push_back(place.process.id());
  }
  return ids;
}

void Workers::wake() {
  const uint64_t one = 1;
  (void)!::write(wake_.get(), &one, sizeof(one));  // full means: it wakes anyway
}

void Workers::run() {
  while (true) {
    const Time now = Clock::now();
    Time until = kNever;
    {
      const std::lock_guard lock(mutex_);
      if (!stop_at_) {
        start_due(now);
        until = next_start();
      } else if (all_ended()) {
        return;
      } else if (now >= *stop_at_) {
        kill_all();
      } else {
        until = *stop_at_;
      }
    }
    const Requests::Overdue overdue = requests_.expire(now);
    for (const size_t seat : overdue.seats) places_[seat].process.kill();  // ended() sees to what it ran
    wait_for_something(std::min(until, overdue.next));
  }
}

// Waits for the end of a worker, wake(), or `until`; sees to workers that ended.
void Workers::wait_for_something(Time until) {
  std::vector<pollfd> polls = {{wake_.get(), POLLIN, 0}};
  std::vector<size_t> seats = {0};
  for (size_t i = 0; i < places_.size(); ++i) {
    if (!places_[i].process.started()) continue;
    polls.push_back({places_[i].process.descriptor(), POLLIN, 0});
    seats.push_back(i);
  }
  if (::poll(polls.data(), polls.size(), poll_ms(until)) <= 0) return;
  uint64_t count = 0;
  if (polls[0].revents != 0) (void)!::read(wake_.get(), &count, sizeof(count));
  for (size_t k = 1; k < polls.size(); ++k) {
    if (polls[k].revents != 0) ended(seats[k]);
  }
}

void Workers::ended(size_t seat) {
  std::string how;
  {
    const std::lock_guard lock(mutex_);
    Place& place = places_[seat];
    how = place.process.reap();
    Seat& shared = segment_.seats()[seat];
    const SeatStatus status = shared.status.load();
    if (stop_at_) {
      // nothing is started again
    } else if (status == SeatStatus::ready) {
      place.failed_starts = 0;
      place.start_at = {};
    } else if (status == SeatStatus::failed) {
      start_failed(seat, read_error({shared.error, shared.error_bytes}), true);
    } else {
      start_failed(seat, Error(kWorkerDied, "a worker " + how + " before it had loaded the model", "pool"),
                   false);
    }
    shared.status.store(SeatStatus::starting);
  }
  requests_.worker_ended(seat, how);
}

// Called with the lock held. While other workers live the start is tried again; else the pool is at its end.
void Workers::start_failed(size_t seat, const Error& error, bool for_good) {
  Place& place = places_[seat];
  ++place.failed_starts;
  const bool hopeless = for_good || place.failed_starts >= kMostFailedStarts;
  place.start_at = Clock::now() + (hopeless ? kLongStartDelay : kStartDelay * place.failed_starts);
  const bool others =
      std::any_of(places_.begin(), places_.end(), [](const Place& other) { return other.process.started(); });
  if (!hopeless || (started_ && others)) return;
  failure_ = error;
  stop_at_ = Time{};
  requests_.fail(error);
}

// Called with the lock held.
void Workers::start_due(Time now) {
  for (size_t i = 0; i < places_.size(); ++i) {
    Place& place = places_[i];
    if (place.process.started() || place.start_at > now || stop_at_) continue;
    try {
      place.process = Process(program_, segment_.memory(), static_cast<int>(i));
    } catch (const Error& error) {
      start_failed(i, error, !started_);
    }
  }
}

bool Workers::all_ended() const {
  return std::none_of(places_.begin(), places_.end(),
                      [](const Place& place) { return place.process.started(); });
}

Time Workers::next_start() const {
  Time next = kNever;
  for (const Place& place : places_) {
    if (!place.process.started()) next = std::min(next, place.start_at);
  }
  return next;
}

void Workers::kill_all() {
  for (const Place& place : places_) {
    if (place.process.started()) place.process.kill();
  }
}

}  // namespace cornu::serve
