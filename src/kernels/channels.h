// Loops over rows of channels, vectorised along the channels: what normalisation over batches is made of. Arrays may have any
// alignment; `rows` rows of `channels` floats each.
#pragma once

#include <cstdint>

namespace cornu::kernels {

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
