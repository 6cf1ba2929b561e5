// The register tile of convolutions and matrix products: rows pixels x vectors of output channels,
//   c[m, n] (+)= sum over taps t and channels k of a[m * pixel_bytes + tap[t] + k] * b[t * run + k, n]
// Weights are read at any byte address, as vectors along the output channels; input pixels are broadcast.
#pragma once

#include <cstddef>
#include <cstdint>

namespace cornu::kernels {

struct TileCall {
  // Input: the first tap of the first pixel, bytes from pixel to pixel, and from the first tap to each tap.
  // Any alignment.
  const std::byte* a;
  std::ptrdiff_t pixel_bytes;
  const std::ptrdiff_t* taps;
  int64_t tap_count;  // at least 1
  int64_t run;        // channels per tap, at least 1; they are contiguous
  // Weights: tap_count * run rows, row_bytes apart, of which vectors * lanes floats are used. Any alignment.
  const std::byte* b;
  std::ptrdiff_t b_row_bytes;
  // Output: pixels c_row floats apart. Partial sums stay in it between blocks of weights, and each block is
  // added.
  float* c;
  std::ptrdiff_t c_row;
  bool first;                 // nothing was summed yet
  bool last;                  // c * scale + shift + residual, clamped to [lo, hi], is stored
  const std::byte* scale;     // vectors * lanes floats, or null for 1. Any alignment
  const std::byte* shift;     // the same, or null for 0
  const std::byte* residual;  // laid out as c, or null. Any alignment
  float lo, hi;               // a NaN is kept
  // Weights that will be copied soon: with every kPrefetchSteps-th row of this call prefetch_rows rows of them are
  // fetched, prefetch_bytes of each. Need not be readable.
  const std::byte* prefetch;
  std::ptrdiff_t prefetch_row_bytes;
  int64_t prefetch_rows, prefetch_bytes;
};

using TileFn = void (*)(const TileCall& call);

// Rows of weights, row_bytes apart at any alignment, to `panels` dense panels (vectors * lanes floats of each
// row; aligned to a vector) that lie panel_floats apart.
struct PanelCopy {
  const std::byte* from;
  std::ptrdiff_t row_bytes;
  int64_t rows, panels;
  float* to;
  std::ptrdiff_t panel_floats;
};

using PanelCopyFn = void (*)(const PanelCopy& copy);

constexpr int64_t kPrefetchSteps = 64;  // few enough interruptions to cost nothing
constexpr int kMaxTileVectors = 4;
constexpr int kMaxTileRows = 14;

// The tiles of one instruction set. Calls are pure functions of their argument.
struct TileSet {
  int lanes;                                           // floats per vector
  int max_vectors;                                     // at most kMaxTileVectors
  int max_rows[kMaxTileVectors + 1];                   // by vectors; what fits the registers
  TileFn tile[kMaxTileVectors + 1][kMaxTileRows + 1];  // [vectors][rows], null outside
  PanelCopyFn copy[kMaxTileVectors + 1];               // [vectors]
};

// The tiles for the best instruction set of this machine. Lives forever.
const TileSet& gemm_tiles();

}  // namespace cornu::kernels
