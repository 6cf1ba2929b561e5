// The epilogue of convolutions and matrix products (base/epilogue.h) as their rules and references use it.
#pragma once

#include "base/thread_pool.h"
#include "ops/op.h"

namespace cornu::ops {

// Throws bad_shape unless the inputs from index 2 on are those that the attribute "epilogue" announces, with
// the shapes (channels,) for scale and shift and y's for the residual.
void check_epilogue(const ir::InferContext& c, const Shape& y, int64_t channels);

// Calls fn(row, sums) for every row, spread over the threads; `sums` are `channels` doubles of scratch of the
// calling thread. The scratch that this takes is row_scratch_bytes().
template <class Fn>
void for_each_row(int64_t rows, int64_t channels, const KernelCall& call, Fn&& fn) {
  const int64_t chunks = std::min<int64_t>(rows, call.pool.threads() * int64_t{4});
  call.pool.run(chunks, [&](int64_t chunk, int thread) {
    double* sums = reinterpret_cast<double*>(call.scratch) + thread * channels;
    const int64_t end = rows * (chunk + 1) / chunks;
    for (int64_t row = rows * chunk / chunks; row < end; ++row) fn(row, sums);
  });
}
int64_t row_scratch_bytes(int64_t channels, int threads);

// Finishes rows of sums: `row` numbers the vectors of `channels` sums in y.
template <class T>
void finish_row(const Epilogue& epilogue, const double* sums, int64_t row, int64_t channels,
                const KernelCall& call) {
  const auto at = [&](int input, int64_t i, double absent) {
    return input < 0 ? absent : static_cast<double>(load_at<T>(call.in[input], i));
  };
  T* y = out_as<T>(call) + row * channels;
  for (int64_t i = 0; i < channels; ++i) {
    y[i] = static_cast<T>(epilogue.finish(sums[i], at(epilogue.scale, i, 1), at(epilogue.shift, i, 0),
                                          at(epilogue.residual, row * channels + i, 0)));
  }
}

}  // namespace cornu::ops
