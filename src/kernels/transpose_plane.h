// The transpose of a matrix of floats, in blocks of 4 x 4.
#pragma once

#include <cstddef>
#include <cstdint>

namespace cornu::kernels {

// y[j][i] = x[i][j] for i in [0, rows), j in [0, columns); rows of x and y are x_row and y_row floats apart. x may have any
// alignment. Runs on the calling thread; larger matrices than some thousand floats are faster in pieces.
void transpose_plane(const std::byte* x, int64_t x_row, int64_t rows, int64_t columns, float* y,
                     int64_t y_row);

}  // namespace cornu::kernels
