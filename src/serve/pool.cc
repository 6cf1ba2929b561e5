#include "cornu/pool.h"

#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <deque>
#include <utility>

#include "base/fail.h"
#include "base/memory_limit.h"
#include "base/thread_pool.h"
#include "serve/join.h"
#include "serve/requests.h"
#include "serve/workers.h"

namespace cornu {
namespace {

using serve::PendingPtr;
using serve::Time;

constexpr int kMaxWorkers = 4096;
constexpr int kMaxPending = 16384;
constexpr int kPendingPerWorker = 4;   // so that a worker never waits for the owner
constexpr int64_t kMaxPieceRows = 32;  // Keras's batch size
// Private memory of the smallest worker: 1.9 MB with the digits model, glibc's and the loader's pages included.
constexpr int64_t kLeastWorkerBytes = 2'000'000;

int checked_workers(int workers) {
  if (workers < 1 || workers > kMaxWorkers)
    fail(ErrorCode::bad_argument, "workers", "a pool has 1 to {} workers, received {}", kMaxWorkers, workers);
  const int64_t available = available_memory();
  if (workers > available / kLeastWorkerBytes) {
    fail(ErrorCode::out_of_memory, "workers",
         "{} workers need {} MB at the least, {} MB are available; at most {} would do", workers,
         workers * kLeastWorkerBytes / 1'000'000, available / 1'000'000, available / kLeastWorkerBytes);
  }
  return workers;
}

int checked_threads(int threads, int workers) {
  if (threads == 0) return std::max(1, available_cores() / workers);
  if (threads < 0)
    fail(ErrorCode::bad_argument, "threads_per_worker", "expected 1 or more, received {}", threads);
  return threads;  // too many are refused where the model is loaded
}

int checked_slots(int pending, int workers) {
  if (pending == 0) return std::min(kPendingPerWorker * workers, kMaxPending);
  if (pending < 0 || pending > kMaxPending) {
    fail(ErrorCode::bad_argument, "max_pending", "expected 1 to {} requests, received {}", kMaxPending,
         pending);
  }
  return pending;
}

int64_t rows_of(std::span<const Array> inputs) {
  if (inputs.empty() || inputs[0].shape.empty()) return -1;
  const int64_t rows = inputs[0].shape[0];
  const bool all = std::all_of(inputs.begin(), inputs.end(), [&](const Array& input) {
    return !input.shape.empty() && input.shape[0] == rows;
  });
  return all ? rows : -1;  // a worker says what is wrong
}

std::vector<Array> rows(std::span<const Array> inputs, int64_t begin, int64_t count) {
  std::vector<Array> part(inputs.begin(), inputs.end());
  for (Array& array : part) {
    const int64_t row_bytes = array.size_bytes() / array.shape[0];
    array.data += begin * row_bytes;
    array.shape[0] = count;
  }
  return part;
}

}  // namespace

struct Pool::Impl {
  Impl(const Model& model, int worker_count, const PoolOptions& options)
      : threads(checked_threads(options.threads_per_worker, worker_count)),
        segment(model.handle(), threads, worker_count, checked_slots(options.max_pending, worker_count)),
        requests(segment, options.on_wait),
        workers(segment, requests, serve::find_program(options.program)) {
    for (const PortInfo& input : model.inputs()) {
      if (!input.shape.empty() && input.shape[0] > 0) fixed_batch = input.shape[0];
    }
  }
  ~Impl() {
    if (!is_owner()) workers.forget();
  }

  bool is_owner() const { return ::getpid() == segment.header().owner; }
  void check_owner() const {
    if (is_owner()) return;
    fail(ErrorCode::bad_argument, "pool",
         "it belongs to process {}; process {} is a fork of it and needs a pool of its own",
         segment.header().owner, ::getpid());
  }

  const int threads;
  int64_t fixed_batch = 0;  // rows that the model insists on, or 0
  const serve::Segment segment;
  serve::Requests requests;
  serve::Workers workers;
  std::mutex end_mutex;  // close() and terminate() may come from several threads
};

struct Reply::State {
  std::shared_ptr<Pool::Impl> pool;
  PendingPtr pending;
};

Reply::Reply(std::shared_ptr<State> state) : state_(std::move(state)) {}
Reply::Reply(Reply&&) noexcept = default;
Reply& Reply::operator=(Reply&& other) noexcept {
  Reply dropped(std::move(*this));
  state_ = std::move(other.state_);
  return *this;
}
Reply::~Reply() {
  if (state_ != nullptr && state_->pool->is_owner()) state_->pool->requests.drop(state_->pending);
}

bool Reply::ready() const {
  state_->pool->check_owner();
  return state_->pool->requests.settled(state_->pending);
}

bool Reply::wait_for(std::chrono::nanoseconds time) const {
  state_->pool->check_owner();
  return state_->pool->requests.wait(state_->pending, serve::time_after(time));
}

std::vector<Array> Reply::get() {
  state_->pool->check_owner();
  state_->pool->requests.wait(state_->pending, serve::kNever);
  if (state_->pending->error) throw Error(*state_->pending->error);
  return std::move(state_->pending->answers);
}

bool Reply::cancel() {
  state_->pool->check_owner();
  return state_->pool->requests.cancel(state_->pending);
}

Pool::Pool(const Model& model, int workers, const PoolOptions& options)
    : impl_(std::make_shared<Impl>(model, checked_workers(workers), options)) {}

Pool::~Pool() {
  if (impl_->is_owner()) terminate();
}

Reply Pool::submit(std::span<const Array> inputs, const RequestOptions& options) {
  impl_->check_owner();
  auto pending = impl_->requests.submit(inputs, options.batch_size, serve::time_after(options.timeout), true);
  return Reply(std::make_shared<Reply::State>(Reply::State{impl_, std::move(pending)}));
}

std::optional<Reply> Pool::try_submit(std::span<const Array> inputs, const RequestOptions& options) {
  impl_->check_owner();
  auto pending =
      impl_->requests.submit(inputs, options.batch_size, serve::time_after(options.timeout), false);
  if (pending == nullptr) return std::nullopt;
  return Reply(std::make_shared<Reply::State>(Reply::State{impl_, std::move(pending)}));
}

std::vector<Array> Pool::predict(std::span<const Array> inputs, int64_t batch_size,
                                 std::chrono::nanoseconds timeout) {
  if (batch_size < 0)
    fail(ErrorCode::bad_argument, "batch_size", "expected at least 1, received {}", batch_size);
  const Time deadline = serve::time_after(timeout);
  const auto rest = [&] {
    return deadline == serve::kNever ? timeout : std::chrono::nanoseconds(deadline - serve::Clock::now());
  };
  const int64_t row_count = rows_of(inputs);
  const auto workers = static_cast<int64_t>(impl_->segment.seats().size());
  int64_t piece =
      batch_size > 0 ? batch_size : std::clamp((row_count - 1) / workers + 1, int64_t{1}, kMaxPieceRows);
  if (impl_->fixed_batch > 0) piece = impl_->fixed_batch;
  if (row_count <= piece) return submit(inputs, {piece, timeout}).get();
  serve::Join join(row_count);
  std::deque<Reply> open;
  for (int64_t begin = 0; begin < row_count || !open.empty();) {
    if (begin < row_count) {
      const std::vector<Array> part = rows(inputs, begin, std::min(piece, row_count - begin));
      // With answers of our own to collect nothing waits: other threads may hold all other places.
      std::optional<Reply> reply =
          open.empty() ? submit(part, {piece, rest()}) : try_submit(part, {piece, rest()});
      if (reply) {
        open.push_back(std::move(*reply));
        begin += piece;
        continue;
      }
    }
    join.add(open.front().get(), std::min(piece, row_count - join.rows()));
    open.pop_front();
  }
  return join.take();
}

void Pool::for_each(const std::function<std::optional<std::vector<Array>>()>& next,
                    const std::function<void(int64_t, std::vector<Array>)>& done,
                    const RequestOptions& options) {
  std::vector<std::pair<int64_t, Reply>> open;
  std::optional<std::vector<Array>> item = next();
  int64_t count = 0;
  while (item || !open.empty()) {
    const uint32_t seen = events();
    while (item) {
      std::optional<Reply> reply = try_submit(*item, options);
      if (!reply) break;
      open.emplace_back(count++, std::move(*reply));
      item = next();
    }
    const auto answered = std::stable_partition(open.begin(), open.end(),
                                                [](const auto& entry) { return !entry.second.ready(); });
    if (answered == open.end()) wait_for_event(seen, std::chrono::seconds(1));
    for (auto entry = answered; entry != open.end(); ++entry) done(entry->first, entry->second.get());
    open.erase(answered, open.end());
  }
}

uint32_t Pool::events() const {
  return impl_->requests.events();
}

uint32_t Pool::wait_for_event(uint32_t seen, std::chrono::nanoseconds time) const {
  impl_->check_owner();
  serve::wait_on(impl_->segment.header().events, seen, time);
  return events();
}

void Pool::close() {
  impl_->check_owner();
  impl_->requests.close(Error(ErrorCode::bad_argument, "the pool is closed", "pool"));
  impl_->requests.drain();
  const std::lock_guard lock(impl_->end_mutex);
  impl_->workers.stop(false);
}

void Pool::terminate() {
  impl_->check_owner();
  impl_->requests.close(Error(ErrorCode::bad_argument, "the pool is closed", "pool"));
  impl_->requests.fail(Error(kWorkerDied, "the pool was ended before the request was answered", "pool"));
  const std::lock_guard lock(impl_->end_mutex);
  impl_->workers.stop(true);
}

int Pool::threads_per_worker() const {
  return impl_->threads;
}

std::vector<pid_t> Pool::workers() const {
  impl_->check_owner();
  return impl_->workers.ids();
}

}  // namespace cornu
