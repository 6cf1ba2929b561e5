// ThreadPool: fork-join over chunks, cheap enough for regions of a microsecond.
#pragma once

#include <cstdint>
#include <memory>
#include <type_traits>

namespace cornu {

// `threads` includes the caller: a pool of 1 has no workers. run() may be called from one thread at a time
// per pool, and returns when every chunk is done; it never waits for a worker that holds no chunk. After
// fork() the child's first run() starts new workers. Chunk functions must not throw and must not call run()
// on the same pool.
class ThreadPool {
 public:
  explicit ThreadPool(int threads);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  int threads() const;

  // Calls fn(chunk, thread) for chunk in [0, chunks), thread in [0, threads()).
  template <class Fn>
  void run(int64_t chunks, Fn&& fn) {
    using Plain = std::remove_reference_t<Fn>;
    run_erased(
        chunks,
        [](void* context, int64_t chunk, int thread) { (*static_cast<Plain*>(context))(chunk, thread); },
        const_cast<void*>(static_cast<const void*>(&fn)));
  }

 private:
  using Chunk = void (*)(void* context, int64_t chunk, int thread);
  void run_erased(int64_t chunks, Chunk fn, void* context);
  struct State;
  std::unique_ptr<State> state_;
};

// Cores this process may use: the smallest of its CPU affinity, the cgroup's limit rounded up, and 1024.
int available_cores();

}  // namespace cornu
