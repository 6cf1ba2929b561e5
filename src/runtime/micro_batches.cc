#include "runtime/micro_batches.h"

#include <fmt/format.h>

#include <algorithm>

namespace cornu::runtime {
namespace {

constexpr int64_t kAlignment = 64;  // a cache line, and the widest vector

int64_t round_up(int64_t value, int64_t step) {
  return (value + step - 1) / step * step;
}

}  // namespace

// As many micro-batches as a multiple of the threads, where there are rows enough. Threads take micro-batches unless some
// of them would idle for long at the end.
MicroBatches::MicroBatches(int64_t batch, int64_t rows, int threads) : batch_(batch), threads_(threads) {
  count_ = std::min(round_up((batch + rows - 1) / rows, threads), batch);
  parallel_ = threads > 1 && (count_ % threads == 0 || count_ >= 4 * int64_t{threads});
  rows_ = batch / count_;
  larger_ = batch % count_;
  if (parallel_) serial_ = std::make_shared<ThreadPool>(1);
}

std::vector<int64_t> MicroBatches::sizes() const {
  return larger_ > 0 ? std::vector<int64_t>{rows_, rows_ + 1} : std::vector<int64_t>{rows_};
}

std::string MicroBatches::describe() const {
  return fmt::format("{} micro-batches of {} rows{}", count_,
                     larger_ > 0 ? fmt::format("{} or {}", rows_, rows_ + 1) : fmt::format("{}", rows_),
                     parallel_ ? ", one to a thread" : "");
}

int64_t MicroBatches::arena_bytes() const {
  int64_t bytes = kAlignment;
  for (const auto& body : bodies_) bytes = std::max(bytes, round_up(body->arena_bytes, kAlignment));
  return bytes;
}

void MicroBatches::run(const KernelCall& call) const {
  if (!parallel_) {
    for (int64_t i = 0; i < count_; ++i) run_one(call, i, call.scratch, call.pool);
    return;
  }
  const int64_t bytes = arena_bytes();
  call.pool.run(count_,
                [&](int64_t i, int thread) { run_one(call, i, call.scratch + thread * bytes, *serial_); });
}

void MicroBatches::run_one(const KernelCall& call, int64_t index, std::byte* arena, ThreadPool& pool) const {
  const int64_t first_row = index * rows_ + std::min(index, larger_);
  std::vector<const std::byte*> in;
  std::vector<std::byte*> out;
  for (size_t i = 0; i < in_row_bytes_.size(); ++i) in.push_back(call.in[i] + first_row * in_row_bytes_[i]);
  for (size_t i = 0; i < out_row_bytes_.size(); ++i)
    out.push_back(call.out[i] + first_row * out_row_bytes_[i]);
  run_plan(*bodies_[index < larger_ ? 1 : 0], in, out, arena, pool);
}

}  // namespace cornu::runtime
