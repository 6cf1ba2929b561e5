// MicroBatches: runs a batch as micro-batches of some rows, each through the plan of a segment.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/thread_pool.h"
#include "runtime/plan.h"

namespace cornu::runtime {

// Copyable; immutable once its bodies and ports are added.
class MicroBatches {
 public:
  // `rows`: of one micro-batch at most, fewer than `batch`.
  MicroBatches(int64_t batch, int64_t rows, int threads);

  // Rows of the bodies to add, in this order: micro-batches are equal, or differ by one row.
  std::vector<int64_t> sizes() const;
  int threads_each() const { return parallel_ ? 1 : threads_; }
  void add_body(std::shared_ptr<const Plan> body) { bodies_.push_back(std::move(body)); }
  const std::vector<std::shared_ptr<const Plan>>& bodies() const { return bodies_; }
  // The whole values, in the bodies' order.
  void add_input(int64_t bytes) { in_row_bytes_.push_back(bytes / batch_); }
  void add_output(int64_t bytes) { out_row_bytes_.push_back(bytes / batch_); }

  std::string describe() const;  // "16 micro-batches of 2 rows"
  int64_t scratch_bytes() const { return arena_bytes() * (parallel_ ? threads_ : 1); }
  void run(const KernelCall& call) const;

 private:
  int64_t arena_bytes() const;
  void run_one(const KernelCall& call, int64_t index, std::byte* arena, ThreadPool& pool) const;

  int64_t batch_;
  int64_t count_;   // micro-batches
  int64_t rows_;    // of each of them,
  int64_t larger_;  // but of so many, which come first and have one more
  int threads_;
  bool parallel_;  // a thread takes a whole micro-batch
  std::shared_ptr<ThreadPool> serial_;
  std::vector<std::shared_ptr<const Plan>> bodies_;
  std::vector<int64_t> in_row_bytes_, out_row_bytes_;
};

}  // namespace cornu::runtime
