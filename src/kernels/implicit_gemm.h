// Convolutions and matrix products as one loop nest over register tiles, with weights and input read where
// they lie:
//   y[pixel, n] = epilogue(sum over taps and channels of x[pixel moved by tap, channel] * w[tap, channel, n])
// x (batch, depth, height, width, channels), w (taps..., channels / groups, out_channels), y (batch, out...,
// out_channels). A matrix product (M, K) x (K, N) is the case of one tap: M pixels, K channels, N output
// channels.
//
// The nest, from outside: a job (a block of pixels x a range of column panels; jobs run on threads in any
// order) - strip (a few panels of up to 4 vectors of output channels) - block of weight rows - panel - tile of
// pixels. While the tiles of one block run, the next block is fetched and copied, a few rows after each tile, to dense
// panels. The order of the additions of one output depends on the problem alone, never on the jobs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/epilogue.h"
#include "base/kernel.h"
#include "kernels/activation.h"
#include "kernels/gemm_tile.h"
#include "kernels/window.h"

namespace cornu::kernels {

class ImplicitGemm {
 public:
  struct Problem {
    Window window;
    int64_t groups = 1;
    int64_t out_channels = 1;
    bool x_transposed = false;  // x is (channels, pixels); pointwise windows only
    bool w_transposed = false;  // w is (out_channels, channels); pointwise windows only
    int threads = 1;
    Epilogue epilogue;
  };

  // Pointers may have any alignment, but y and scratch, which are aligned to a vector. y overlaps nothing
  // else; if stores_once(), y and the residual may be the same.
  struct Operands {
    const std::byte* x;
    const std::byte* w;
    const std::byte* scale = nullptr;
    const std::byte* shift = nullptr;
    const std::byte* residual = nullptr;
    float* y;

    // Inputs 0 and 1, the epilogue's inputs, and output 0.
    static Operands of(const KernelCall& call, const Epilogue& epilogue);
  };

  // Plans for the best instruction set of this machine.
  explicit ImplicitGemm(const Problem& problem);

  int64_t jobs() const { return row_blocks_ * column_blocks_ * panel_splits_; }
  int64_t thread_scratch_bytes() const { return scratch_.bytes; }
  // Whether no partial sum ever stands in y: one block of weights makes each output.
  bool stores_once() const { return blocks_.size() == 1; }
  // Runs one job; `scratch` are thread_scratch_bytes of the running thread's own.
  void run(const Operands& operands, int64_t job, std::byte* scratch) const;

 private:
  struct Job;
  class Worker;

  // A block of weight rows: consecutive taps, or a slice of the channels of one tap.
  struct WeightBlock {
    int64_t first_row;                 // in w
    int64_t rows;                      // taps.size() * run
    int64_t run;                       // channels per tap
    std::ptrdiff_t offset_bytes;       // of the first tap's first channel, from the pixel's origin
    std::vector<std::ptrdiff_t> taps;  // bytes from the first tap to each
    Window::Axes begin, end;           // the outputs to which it contributes
  };

  // Where a thread keeps what it copies; offsets in bytes.
  struct Scratch {
    int64_t block = 0, next_block = 0, edge = 0, vectors = 0, input = 0, bytes = 0;
  };

  void plan_panels();
  void plan_mode();
  void plan_jobs();
  void split_for_threads(int64_t tile_rows);
  void plan_strips();
  void plan_input();
  void plan_weights();
  void plan_clipped_weights();
  void add_weights(int64_t first_tap, int64_t tap_count, int64_t channel, int64_t channels);
  void plan_scratch();
  int choose_vectors() const;
  Window::Axes tap_at(int64_t index) const;
  std::ptrdiff_t tap_offset(int64_t index) const;

  Problem problem_;
  const TileSet& tiles_;
  Clamp clamp_;
  int vectors_ = 1;       // per full panel
  int64_t columns_ = 1;   // of a full panel
  int64_t group_in_ = 1;  // channels per group
  int64_t group_out_ = 1;
  int64_t panels_per_group_ = 1;
  int64_t strip_panels_ = 1;  // at most so many are copied together
  int64_t weight_bytes_ = 0;
  bool has_many_weights_ = false;  // fetched and copied while the block before runs

  bool copies_input_ = false;  // a job copies the input that it needs: padded, or transposed
  bool clipped_ = false;       // weight blocks skip the outputs whose tap lies in the padding
  int64_t input_rows_ = 0;     // of the copy, and its width
  int64_t input_columns_ = 0;
  Window::Axes tap_bytes_{};     // from tap to tap along each axis
  Window::Axes output_bytes_{};  // in the input, from output to output
  int64_t kernel_columns_ = 1;   // taps along the width after merging contiguous ones into one run
  int64_t run_ = 1;              // channels of one such tap
  std::vector<WeightBlock> blocks_;

  int64_t slab_rows_ = 1;  // rows of output (of out width pixels) that a block may span
  int64_t slabs_ = 1;
  int64_t rows_per_block_ = 1, columns_per_block_ = 1;
  int64_t slab_blocks_ = 1;  // row blocks per slab
  int64_t row_blocks_ = 1, column_blocks_ = 1, panel_splits_ = 1;
  Scratch scratch_;
};

}  // namespace cornu::kernels
