// The tile of depthwise convolutions: up to max_tile neighbouring outputs of one row, all channels, vectors
// along the channels. Inputs and weights are read where they lie, at any byte address.
#pragma once

#include <cstddef>
#include <cstdint>

namespace cornu::kernels {

struct DepthwiseTile {
  const std::byte* const* x_rows;  // for each row of taps that lies inside x: the row of x,
  const std::byte* const* w_rows;  // and its weights (window, channels)
  int64_t rows;
  int64_t columns;                   // of x
  int64_t channels;                  // at least a vector's
  int64_t window, stride, dilation;  // along the width
  int64_t origin;                    // column of x of the first output's first tap; may lie outside
  const std::byte* zeros;            // one pixel of zeros: stands for columns outside x
  float* y;                          // the first output
  const std::byte* scale;            // (channels), or null for 1
  const std::byte* shift;            // the same, or null for 0
  const std::byte* residual;         // laid out as y, or null
  float lo, hi;                      // outputs are clamped; NaN stays
};

constexpr int kMaxDepthwiseTile = 8;

struct DepthwiseTiles {
  int lanes;                                                      // floats per vector
  int max_tile;                                                   // outputs per call
  void (*run[kMaxDepthwiseTile + 1])(const DepthwiseTile& tile);  // by number of outputs, from 1
};

// The tiles for the best instruction set of this machine. Lives forever.
const DepthwiseTiles& depthwise_tiles();

}  // namespace cornu::kernels
