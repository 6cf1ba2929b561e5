#include "base/thread_pool.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <set>
#include <thread>
#include <utility>
#include <vector>

#include "support/expect_error.h"

namespace cornu {
namespace {

std::vector<int> count_chunks(ThreadPool& pool, int64_t chunks) {
  std::vector<std::atomic<int>> counts(static_cast<size_t>(chunks));
  pool.run(chunks, [&](int64_t chunk, int) { counts[static_cast<size_t>(chunk)].fetch_add(1); });
  return {counts.begin(), counts.end()};
}

TEST(ThreadPool, every_chunk_runs_exactly_once) {
  for (const int threads : {1, 2, 3, 8}) {
    ThreadPool pool(threads);
    EXPECT_EQ(pool.threads(), threads);
    for (const int64_t chunks : {0, 1, 2, 3, 7, 64, 1009}) {
      EXPECT_EQ(count_chunks(pool, chunks), std::vector<int>(static_cast<size_t>(chunks), 1))
          << threads << " threads, " << chunks << " chunks";
    }
  }
}

TEST(ThreadPool, thread_numbers_lie_in_range_and_never_overlap) {
  ThreadPool pool(4);
  std::vector<std::atomic<int>> busy(4);
  std::atomic<int> wrong{0};
  for (int region = 0; region < 200; ++region) {
    pool.run(16, [&](int64_t, int thread) {
      if (thread < 0 || thread >= 4) {
        ++wrong;
        return;
      }
      if (busy[static_cast<size_t>(thread)].fetch_add(1) != 0) ++wrong;
      busy[static_cast<size_t>(thread)].fetch_sub(1);
    });
  }
  EXPECT_EQ(wrong, 0);
}

TEST(ThreadPool, many_short_regions_see_the_writes_of_the_region_before) {
  ThreadPool pool(3);
  std::vector<int64_t> before(5, 0);  // plain memory: the pool alone orders the accesses
  std::vector<int64_t> after(5, 0);
  constexpr int kRegions = 20000;
  for (int region = 0; region < kRegions; ++region) {
    pool.run(5, [&](int64_t chunk, int) {
      after[static_cast<size_t>(chunk)] = before[static_cast<size_t>(4 - chunk)] + 1;
    });
    std::swap(before, after);
  }
  EXPECT_EQ(before, std::vector<int64_t>(5, kRegions));
}

TEST(ThreadPool, sleeping_workers_wake_for_a_later_region) {
  ThreadPool pool(2);
  for (int region = 0; region < 5; ++region) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));  // longer than workers spin
    EXPECT_EQ(count_chunks(pool, 8), std::vector<int>(8, 1));
  }
}

TEST(ThreadPool, a_slow_chunk_of_a_worker_is_waited_for) {
  ThreadPool pool(2);
  std::atomic<bool> worker_done{false};
  std::atomic<bool> worker_started{false};
  pool.run(2, [&](int64_t, int thread) {
    if (thread == 0) {
      while (!worker_started) std::this_thread::yield();
    } else {
      worker_started = true;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));  // longer than the caller spins
      worker_done = true;
    }
  });
  EXPECT_TRUE(worker_done);
}

TEST(ThreadPool, more_chunks_than_one_region_holds_are_all_run) {
  ThreadPool pool(2);
  constexpr int64_t kChunks = (int64_t{1} << 24) + 5;
  std::vector<int64_t> sums(2, 0);
  std::atomic<int64_t> last{0};
  pool.run(kChunks, [&](int64_t chunk, int thread) {
    sums[static_cast<size_t>(thread)] += chunk;
    if (chunk == kChunks - 1) last.fetch_add(1);
  });
  EXPECT_EQ(sums[0] + sums[1], kChunks * (kChunks - 1) / 2);
  EXPECT_EQ(last, 1);
}

TEST(ThreadPool, a_pool_inside_a_chunk_of_another_works) {
  ThreadPool outer(3);
  std::atomic<int> count{0};
  outer.run(6, [&](int64_t, int) {
    ThreadPool inner(2);
    inner.run(10, [&](int64_t, int) { ++count; });
  });
  EXPECT_EQ(count, 60);
}

TEST(ThreadPool, a_pool_of_one_runs_in_order_on_the_calling_thread) {
  ThreadPool pool(1);
  std::vector<int64_t> order;
  std::set<std::thread::id> ids;
  pool.run(5, [&](int64_t chunk, int thread) {
    order.push_back(chunk);
    ids.insert(std::this_thread::get_id());
    EXPECT_EQ(thread, 0);
  });
  EXPECT_EQ(order, (std::vector<int64_t>{0, 1, 2, 3, 4}));
  EXPECT_EQ(ids, std::set<std::thread::id>{std::this_thread::get_id()});
}

TEST(ThreadPool, pools_of_different_threads_run_at_the_same_time) {
  std::atomic<int> count{0};
  std::vector<std::thread> callers;
  for (int i = 0; i < 4; ++i) {
    callers.emplace_back([&] {
      ThreadPool pool(2);
      for (int region = 0; region < 500; ++region) pool.run(4, [&](int64_t, int) { ++count; });
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(count, 4 * 500 * 4);
}

TEST(ThreadPool, many_pools_come_and_go) {
  for (int i = 0; i < 200; ++i) {
    ThreadPool pool(2);
    if (i % 2 == 0) pool.run(2, [](int64_t, int) {});
  }
}

#if !defined( \
    __SANITIZE_THREAD__)  // ThreadSanitizer cannot start threads in the child of a program with threads

int run_in_child(ThreadPool& pool) {
  const pid_t child = fork();
  if (child == 0) {
    bool right = true;
    for (int region = 0; region < 100; ++region) right &= count_chunks(pool, 9) == std::vector<int>(9, 1);
    std::set<int> used;  // both threads take part: the first chunk waits for the other
    std::atomic<int> started{0};
    std::mutex mutex;
    pool.run(2, [&](int64_t, int thread) {
      ++started;
      while (started < 2) std::this_thread::yield();
      const std::lock_guard lock(mutex);
      used.insert(thread);
    });
    _exit(right && used.size() == 2 ? 0 : 1);
  }
  int status = -1;
  waitpid(child, &status, 0);
  return status;
}

TEST(ThreadPool, a_forked_child_runs_on_workers_of_its_own) {
  ThreadPool pool(2);
  EXPECT_EQ(count_chunks(pool, 9), std::vector<int>(9, 1));
  for (int i = 0; i < 5; ++i) EXPECT_EQ(run_in_child(pool), 0);
  EXPECT_EQ(count_chunks(pool, 9), std::vector<int>(9, 1)) << "the parent's workers live on";
}

TEST(ThreadPool, a_grandchild_runs_too_and_unused_pools_are_destroyed_in_a_child) {
  auto pool = std::make_unique<ThreadPool>(2);
  const pid_t child = fork();
  if (child == 0) {
    ThreadPool own(2);
    const bool right = run_in_child(own) == 0 && run_in_child(*pool) == 0;
    pool.reset();  // must not wait for the parent's workers
    _exit(right ? 0 : 1);
  }
  int status = -1;
  waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
}

#endif

TEST(ThreadPool, a_number_of_threads_out_of_range_is_bad_argument) {
  for (const int threads : {0, -1, 1025})
    test::expect_error(ErrorCode::bad_argument, [&] { ThreadPool pool(threads); });
}

TEST(ThreadPool, at_least_one_core_is_available) {
  EXPECT_GE(available_cores(), 1);
  EXPECT_LE(available_cores(), 1024);
}

}  // namespace
}  // namespace cornu
