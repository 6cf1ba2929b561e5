// Loops over rows of channels, vectorised along the channels: what normalisation over batches is made of. Arrays may have any
// alignment; `rows` rows of `channels` floats each.
#pragma once

#include <algorithm>
#include <cstdint>

#include "base/thread_pool.h"

namespace cornu::kernels {

// Rows divided into blocks that stay in cache, each with two rows of partial results in the scratch: parts(block).
struct ChannelBlocks {
  static constexpr int64_t kFloats = 16 * 1024;  // 64 kB: a quarter of a small second-level cache

  int64_t rows, channels;

  int64_t block_rows() const { return std::max<int64_t>(1, kFloats / channels); }
  int64_t count() const { return (rows + block_rows() - 1) / block_rows(); }
  int64_t stride() const { return (channels + 15) / 16 * 16; }  // 64 bytes
  int64_t rows_of(int64_t block) const { return std::min(block_rows(), rows - block * block_rows()); }
  int64_t parts(int64_t block) const { return 2 * block * stride(); }  // offset in floats
  // Bytes of the parts and of `further` rows behind them.
  int64_t scratch_bytes(int64_t further) const {
    return (2 * count() + further) * stride() * static_cast<int64_t>(sizeof(float));
  }

  // Calls fn(block, first float, rows) for each block.
  template <class Fn>
  void run(ThreadPool& pool, Fn fn) const {
    pool.run(count(),
             [&](int64_t block, int) { fn(block, block * block_rows() * channels, rows_of(block)); });
  }
};

// sums[c] += x.
void add_rows(const float* x, int64_t rows, int64_t channels, float* sums);
// squares[c] += (x - mean[c])^2.
void add_squares(const float* x, int64_t rows, int64_t channels, const float* mean, float* squares);
// y = x scale[c] + shift[c]; y may be x.
void scale_rows(const float* x, int64_t rows, int64_t channels, const float* scale, const float* shift,
                float* y);
// sums[c] += dy; products[c] += dy (x - mean[c]).
void add_products(const float* x, const float* dy, int64_t rows, int64_t channels, const float* mean,
                  float* sums, float* products);
// dx = dy a[c] + x b[c] + shift[c]; dx may be dy or x.
void combine_rows(const float* x, const float* dy, int64_t rows, int64_t channels, const float* a,
                  const float* b, const float* shift, float* dx);

}  // namespace cornu::kernels
