// The chunks of a region are divided into one range for each thread, so that a thread meets the same part of the data
// region after region, in its own cache. A range is published by one store to its `ticket`, which packs its end and the
// next chunk to take. A thread takes chunks of its own range first and then those that others have not come to.
// Whoever takes a chunk runs it and counts it in `done`; the caller returns when all are counted. A worker that wakes
// late finds the tickets used up, or takes chunks of the region that is current by then: either is right, so nobody
// waits for it. Both sides spin for a moment before they sleep in the kernel: regions of one model follow each other
// within microseconds.
#include "base/thread_pool.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <iterator>
#include <mutex>
#include <string>
#include <vector>

#include "base/cpu_limit.h"
#include "base/fail.h"

namespace cornu {
namespace {

constexpr int kMaxThreads = 1024;
constexpr int64_t kMaxChunks = int64_t{1}
                               << 24;  // of one region; `next` has 32 bits, so it can run past the end
constexpr int kSpins =
    2000;  // about 30 us: longer than the gap between two layers, shorter than a time slice
constexpr size_t kCacheLine = 64;

// Counts forks: a child sees a greater number than its parent, and so knows that its pools have lost their
// workers.
std::atomic<uint32_t> fork_count{0};

void count_forks() {
  static std::once_flag once;
  std::call_once(once, [] {
    pthread_atfork(nullptr, nullptr, [] { fork_count.fetch_add(1, std::memory_order_relaxed); });
  });
}

void pause_cpu() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

int affinity_cores() {
  for (size_t cpus = 1024; cpus <= (1U << 20); cpus *= 2) {  // the kernel refuses sets smaller than its own
    cpu_set_t* set = CPU_ALLOC(cpus);
    if (set == nullptr) break;
    const size_t size_bytes = CPU_ALLOC_SIZE(cpus);
    const bool known = sched_getaffinity(0, size_bytes, set) == 0;
    const int count = known ? CPU_COUNT_S(size_bytes, set) : 0;
    CPU_FREE(set);
    if (known) return std::max(count, 1);
  }
  return 1;
}

}  // namespace

struct ThreadPool::State {
  int threads;
  int spins;
  uint32_t fork_generation = 0;  // of the process that started `workers`
  std::vector<pthread_t> workers;
  Chunk fn = nullptr;  // written before `ticket` is published, read only by those who hold a chunk
  void* context = nullptr;
  std::atomic<bool> stop{false};

  struct alignas(kCacheLine) Range {
    std::atomic<uint64_t> ticket{0};  // end << 32 | next chunk
  };
  std::vector<Range> ranges;                          // one for each thread
  uint32_t chunks = 0;                                // of the region; written and read as `fn`
  alignas(kCacheLine) std::atomic<uint32_t> done{0};  // chunks of the region that have been run
  std::atomic<bool> caller_sleeps{false};
  alignas(kCacheLine) std::atomic<uint32_t> epoch{0};  // raised for every region; workers wait for a change
  std::atomic<int> sleepers{0};

  struct Start {
    State* state;
    int thread;
  };

  void start();
  void stop_workers();
  void work(int thread);
  void wake_workers();
  void take_chunks(int thread);
  void wait_until_done();
  void run_region(uint32_t count);
};

void ThreadPool::State::start() {
  fork_generation = fork_count.load(std::memory_order_relaxed);
  for (Range& range : ranges) range.ticket = 0;
  sleepers = 0;
  caller_sleeps = false;
  workers.clear();  // after a fork these threads are not ours to join
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);  // signals stay the business of the program's own threads
  for (int i = 1; i < threads; ++i) {
    auto start = std::make_unique<Start>(Start{this, i});
    pthread_t worker;
    const int error = pthread_create(
        &worker, nullptr,
        [](void* argument) -> void* {
          const std::unique_ptr<Start> mine(static_cast<Start*>(argument));
          mine->state->work(mine->thread);
          return nullptr;
        },
        start.get());
    if (error != 0) break;  // too many threads in the system: those that run do the work
    start.release();        // the worker owns it now
    workers.push_back(worker);
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

void ThreadPool::State::stop_workers() {
  if (fork_generation != fork_count.load(std::memory_order_relaxed))
    return;  // the parent's workers, not ours
  stop = true;
  wake_workers();
  for (const pthread_t worker : workers) pthread_join(worker, nullptr);
}

void ThreadPool::State::work(int thread) {
  uint32_t seen = 0;
  while (true) {
    uint32_t now = epoch.load(std::memory_order_acquire);
    for (int i = 0; now == seen && i < spins; ++i) {
      pause_cpu();
      now = epoch.load(std::memory_order_acquire);
    }
    if (now == seen) {
      sleepers.fetch_add(1);
      epoch.wait(seen);
      sleepers.fetch_sub(1);
      continue;
    }
    seen = now;
    if (stop) return;
    take_chunks(thread);
  }
}

// Sequentially consistent, as the fetch_add and wait of work(): either the worker sees the new epoch before
// it sleeps, or it is seen among the sleepers here.
void ThreadPool::State::wake_workers() {
  epoch.fetch_add(1);
  if (sleepers.load() > 0) epoch.notify_all();
}

void ThreadPool::State::take_chunks(int thread) {
  for (int i = 0; i < threads; ++i) {
    std::atomic<uint64_t>& ticket = ranges[static_cast<size_t>((thread + i) % threads)].ticket;
    while (true) {
      // A look first: no writing to the line of a range that has nothing left.
      uint64_t taken = ticket.load(std::memory_order_acquire);
      if (static_cast<uint32_t>(taken) >= static_cast<uint32_t>(taken >> 32)) break;
      taken = ticket.fetch_add(1, std::memory_order_acq_rel);
      const auto chunk = static_cast<uint32_t>(taken);
      if (chunk >= static_cast<uint32_t>(taken >> 32)) break;
      const uint32_t all = chunks;  // before the chunk is counted: the region may be over then
      fn(context, chunk, thread);
      if (done.fetch_add(1) + 1 == all && caller_sleeps.load()) done.notify_one();
    }
  }
}

void ThreadPool::State::wait_until_done() {
  for (int i = 0; i < spins; ++i) {
    if (done.load(std::memory_order_acquire) == chunks) return;
    pause_cpu();
  }
  caller_sleeps.store(true);
  for (uint32_t now = done.load(); now != chunks; now = done.load()) done.wait(now);
  caller_sleeps.store(false);
}

void ThreadPool::State::run_region(uint32_t count) {
  done.store(0, std::memory_order_relaxed);
  chunks = count;
  for (int i = 0; i < threads; ++i) {
    const uint64_t begin = uint64_t{count} * static_cast<uint64_t>(i) / static_cast<uint64_t>(threads);
    const uint64_t end = uint64_t{count} * static_cast<uint64_t>(i + 1) / static_cast<uint64_t>(threads);
    ranges[static_cast<size_t>(i)].ticket.store(end << 32 | begin, std::memory_order_release);
  }
  wake_workers();
  take_chunks(0);
  wait_until_done();
}

ThreadPool::ThreadPool(int threads) {
  if (threads < 1 || threads > kMaxThreads) {
    fail(ErrorCode::bad_argument, "threads", "a thread pool has 1 to {} threads, received {}", kMaxThreads,
         threads);
  }
  state_ = std::make_unique<State>();
  state_->threads = threads;
  if (threads == 1) return;
  state_->ranges = std::vector<State::Range>(static_cast<size_t>(threads));
  state_->spins =
      threads <= affinity_cores() ? kSpins : 0;  // with too few cores a spin keeps others from working
  count_forks();
  state_->start();
}

ThreadPool::~ThreadPool() {
  state_->stop_workers();
}

int ThreadPool::threads() const {
  return state_->threads;
}

void ThreadPool::run_erased(int64_t chunks, Chunk fn, void* context) {
  State& state = *state_;
  if (state.threads == 1 || chunks <= 1) {
    for (int64_t chunk = 0; chunk < chunks; ++chunk) fn(context, chunk, 0);
    return;
  }
  if (state.fork_generation != fork_count.load(std::memory_order_relaxed)) state.start();
  if (chunks <= kMaxChunks) {
    state.fn = fn;
    state.context = context;
    state.run_region(static_cast<uint32_t>(chunks));
    return;
  }
  for (int64_t first = 0; first < chunks; first += kMaxChunks) {
    const auto part = [=](int64_t chunk, int thread) { fn(context, first + chunk, thread); };
    run(std::min(kMaxChunks, chunks - first), part);
  }
}

int available_cores() {
  std::ifstream file("/proc/self/cgroup");
  const std::string groups((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  const int limit = cgroup_cpu_limit("/sys/fs/cgroup", groups);
  const int cores = std::min(affinity_cores(), kMaxThreads);
  return limit > 0 ? std::min(cores, limit) : cores;
}

}  // namespace cornu
