// Operations on each row of a matrix (rows, columns) of floats: the last axes of an array.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/kernel.h"

namespace cornu::kernels {

// y = softmax(x) of each row, or its logarithm. Results of softmax below 2^-126 may be 0. x may have any alignment and may be y.
void softmax_rows(const std::byte* x, int64_t rows, int64_t columns, bool is_log, float* y);

// Plans the op over the last axis. Refuses other types than float32, empty arrays and another axis.
PreparedKernel prepare_softmax(const KernelSite& site, bool is_log);

// y = (x - mean) / sqrt(variance + epsilon) * gamma + beta of one row. gamma and beta are (columns), or null. x, gamma and
// beta may have any alignment; x may be y.
void normalize_row(const std::byte* x, const std::byte* gamma, const std::byte* beta, double epsilon,
                   float* y, int64_t columns);

enum class Reduction { sum, mean, max };

// y[c] over the rows r of x[r, c], for c in [0, columns); rows are row_bytes apart. x may have any alignment.
void reduce_rows(Reduction reduction, const std::byte* x, int64_t rows, int64_t row_bytes, int64_t columns,
                 float* y);

// The same over the columns of one row.
float reduce_row(Reduction reduction, const std::byte* x, int64_t columns);

}  // namespace cornu::kernels
