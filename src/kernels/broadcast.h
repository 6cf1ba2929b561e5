// The walk over several arrays that broadcast to one: axes that all of them walk alike are merged, so that few are left.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/kernel.h"
#include "base/thread_pool.h"

namespace cornu::kernels {

constexpr int kMaxBroadcastInputs = 8;

// An axis of the result, with how far each input moves along it, in elements: 0 where it repeats.
struct BroadcastAxis {
  int64_t size = 1;
  std::array<int64_t, kMaxBroadcastInputs> strides{};
};

// Why the inputs do not broadcast to y, or are too many; empty if they do.
std::string refuse_broadcast(std::span<const TensorType> in, const Shape& y);

// The merged axes of y from the outermost to the innermost, at least one. Along the last one an input's stride is 0 or 1.
std::vector<BroadcastAxis> merged_axes(std::span<const TensorType> in, const Shape& y);

// Runs of elements along the last merged axis, shared out among threads.
class BroadcastRuns {
 public:
  BroadcastRuns(std::span<const TensorType> in, const Shape& y);

  // Where a run starts in each input, how far each moves from element to element (0 or 1), and where it starts in y; in elements.
  struct Run {
    std::array<int64_t, kMaxBroadcastInputs> offsets, steps;
    int64_t y, count;
  };
  // Calls fn(run) for all runs.
  template <class Fn>
  void for_each(ThreadPool& pool, Fn&& fn) const {
    const int64_t jobs = (runs_ + runs_per_job_ - 1) / runs_per_job_;
    pool.run(jobs, [&](int64_t job, int) {
      for (int64_t i = job * runs_per_job_; i < std::min(runs_, (job + 1) * runs_per_job_); i++)
        fn(run_at(i));
    });
  }

 private:
  Run run_at(int64_t index) const;

  std::vector<BroadcastAxis> axes_;  // the last one is the run's
  int64_t runs_ = 1;                 // of a piece each
  int64_t pieces_ = 1;               // of a long axis
  int64_t runs_per_job_ = 1;
};

}  // namespace cornu::kernels
