// The register tile of convolutions and matrix products: rows pixels x vectors of output channels,
//   c[m, n] (+)= sum over taps t and channels k of a[m * pixel_bytes + tap[t] + k] * b[t * run + k, n]
// Weights are read where they lie, at any byte address, as vectors along the output channels; input pixels
// are broadcast. No operand is copied, except that the first tile over a block of weights may store it as a
// dense panel.
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
  // Where the weights are stored as a dense panel (rows of vectors * lanes floats, aligned to a vector);
  // packing only.
  float* panel;
  // Weights that will be needed next: every prefetch_every-th row of this call fetches one row of them.
  const std::byte* prefetch;
  std::ptrdiff_t prefetch_row_bytes;
  int64_t prefetch_every;
};

using TileFn = void (*)(const TileCall& call);

constexpr int kMaxTileVectors = 4;
constexpr int kMaxTileRows = 14;

// The tiles of one instruction set. Calls are pure functions of their argument.
struct TileSet {
  int lanes;                                              // floats per vector
  int max_vectors;                                        // at most kMaxTileVectors
  int max_rows[kMaxTileVectors + 1];                      // by vectors; what fits the registers
  TileFn plain[kMaxTileVectors + 1][kMaxTileRows + 1];    // [vectors][rows], null outside
  TileFn packing[kMaxTileVectors + 1][kMaxTileRows + 1];  // the same, storing the panel
};

// The tiles for the best instruction set of this machine. Lives forever.
const TileSet& gemm_tiles();

}  // namespace cornu::kernels
