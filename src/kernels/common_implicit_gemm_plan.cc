#include <algorithm>
#include <limits>
#include <tuple>
#include <utility>

#include "kernels/implicit_gemm.h"

namespace cornu::kernels {
namespace {

constexpr int64_t kFloatBytes = sizeof(float);
constexpr int64_t kWeightBlockRows = 384;  // x 32 columns is 48 kB: a part of a second-level cache
constexpr int64_t kBlockBytes =
    256 * 1024;  // of input and output per job; found by measurement, 1 MB of cache
constexpr int64_t kNearWeightBytes = 50 * 1024;      // what may still be in a near cache from the last run
constexpr int64_t kDividedWeightBytes = 400 * 1024;  // each thread should read weights of its own
constexpr double kLittleWork = 2e8;                  // bytes of weights times pixels: 0.1 GFLOP
// Rows of weights of kPagedRowBytes or more lie in pages of their own, or nearly: kStripBytes of each are copied
// together, for one miss of the address translation.
constexpr int64_t kPagedRowBytes = 2048;
constexpr int64_t kStripBytes = 256;
constexpr int64_t kFewPixels = 64;
constexpr int64_t kClippedChannels = 96;       // fewer are better served by a padded copy of the input
constexpr int64_t kTransposedBytes = 1 << 20;  // of the transposed input of one job

int64_t divide_up(int64_t a, int64_t b) {
  return (a + b - 1) / b;
}

int64_t align(int64_t bytes) {
  return (bytes + 63) / 64 * 64;
}  // 64: a vector of AVX-512, and a cache line

// The tap that lies inside x for every output, or -1.
int64_t covering_tap(const Window& window, int axis) {
  for (int64_t tap = 0; tap < window.size[Window::at(axis)]; tap++) {
    if (window.covered(axis, tap) == std::pair<int64_t, int64_t>(0, window.out[Window::at(axis)])) return tap;
  }
  return -1;
}

}  // namespace

ImplicitGemm::ImplicitGemm(const Problem& problem)
    : problem_(problem), tiles_(gemm_tiles()), clamp_(Clamp::of(problem.epilogue)) {
  Window& window = problem_.window;
  if (window.is_pointwise()) {  // all pixels of the batch are one row
    const int64_t pixels = window.batch * window.in[0] * window.in[1] * window.in[2];
    window.batch = 1;
    window.in = window.out = {1, 1, pixels};
  }
  plan_panels();
  plan_mode();
  plan_jobs();
  plan_strips();
  plan_input();
  plan_weights();
  plan_scratch();
}

void ImplicitGemm::plan_panels() {
  group_in_ = problem_.window.channels / problem_.groups;
  group_out_ = problem_.out_channels / problem_.groups;
  vectors_ = choose_vectors();
  columns_ = int64_t{vectors_} * tiles_.lanes;
  panels_per_group_ = divide_up(group_out_, columns_);
  const Window::Axes& size = problem_.window.size;
  weight_bytes_ = size[0] * size[1] * size[2] * group_in_ * problem_.out_channels * kFloatBytes;
  has_many_weights_ = weight_bytes_ > kNearWeightBytes;
}

// The width of a panel with the fewest cycles per output: a step over k costs the multiplications (two a
// cycle), the loads (two a cycle), at least the latency of one multiplication, and a little for the loop.
int ImplicitGemm::choose_vectors() const {
  const int64_t width = problem_.window.out[2];
  const int64_t vectors = divide_up(group_out_, tiles_.lanes);
  int best = 1;
  double best_cost = std::numeric_limits<double>::infinity();
  for (int v : {2, 4, 3, 1}) {
    if (v > tiles_.max_vectors) continue;
    const auto rows = static_cast<double>(width) / static_cast<double>(divide_up(width, tiles_.max_rows[v]));
    const auto step = [&](double panel) {
      return std::max({panel * rows / 2, (panel + rows) / 2, 4.0}) + 0.5;
    };
    const int64_t panels = divide_up(vectors, v);
    const auto last = static_cast<double>(vectors - (panels - 1) * v);
    const double cost = (static_cast<double>(panels - 1) * step(v) + step(last)) / rows;
    if (cost < best_cost * 0.99) {
      best_cost = cost;
      best = v;
    }
  }
  return best;
}

void ImplicitGemm::plan_mode() {
  const Window& window = problem_.window;
  const bool inside = window.is_inside();
  clipped_ = !inside && group_in_ >= kClippedChannels;
  for (int axis = 0; axis < 3; axis++) clipped_ = clipped_ && covering_tap(window, axis) >= 0;
  copies_input_ = problem_.x_transposed || (!inside && !clipped_);
  const bool padded = copies_input_ && !problem_.x_transposed;
  slabs_ = padded ? window.batch * window.out[0] : 1;
  slab_rows_ = padded ? window.out[1] : window.batch * window.out[0] * window.out[1];
}

void ImplicitGemm::plan_jobs() {
  const Window& window = problem_.window;
  const int64_t width = window.out[2];
  const int64_t tile_rows = tiles_.max_rows[vectors_];
  const int64_t pixel_bytes =
      (window.channels * window.stride[1] * window.stride[2] + problem_.out_channels) * kFloatBytes;
  // Many weights are read again from memory by each block, so its pixels must be enough to pay for that.
  const int64_t least = has_many_weights_ ? 16 * kMaxTileRows : 2 * tile_rows;
  int64_t pixels = std::max(least, kBlockBytes / pixel_bytes);
  if (problem_.x_transposed) {
    pixels = std::min(pixels, std::max(tile_rows, kTransposedBytes / (window.channels * kFloatBytes)));
  }
  rows_per_block_ = std::clamp<int64_t>(pixels / width, 1, slab_rows_);
  columns_per_block_ = width;
  if (width > pixels + pixels / 2) columns_per_block_ = std::max(tile_rows, pixels / tile_rows * tile_rows);
  split_for_threads(tile_rows);
  slab_blocks_ = divide_up(slab_rows_, rows_per_block_);
  row_blocks_ = slabs_ * slab_blocks_;
  column_blocks_ = divide_up(width, columns_per_block_);
}

// A few jobs for each thread, so that a thread that starts late costs little. Pixels are divided as other kernels divide
// them, so that a thread finds what it wrote in its own cache; columns where the weights outweigh that.
void ImplicitGemm::split_for_threads(int64_t tile_rows) {
  if (problem_.threads == 1) return;
  const double work =
      static_cast<double>(weight_bytes_) * static_cast<double>(slab_rows_ * slabs_ * problem_.window.out[2]);
  const int64_t wanted = (work < kLittleWork ? 2 : 4) * int64_t{problem_.threads};
  const int64_t width = problem_.window.out[2];
  const int64_t panels = panels_per_group_ * problem_.groups;
  const auto blocks = [&] {
    return slabs_ * divide_up(slab_rows_, rows_per_block_) * divide_up(width, columns_per_block_);
  };
  if (blocks() >= wanted) return;
  if (panels >= 2 * problem_.threads && weight_bytes_ > kDividedWeightBytes) {
    panel_splits_ = std::min(panels, wanted);  // each thread reads its own weights
    return;
  }
  if (slab_rows_ * slabs_ >= wanted) {
    rows_per_block_ = std::min(rows_per_block_, std::max<int64_t>(1, slab_rows_ * slabs_ / wanted));
  } else {
    rows_per_block_ = 1;
    const int64_t parts = divide_up(wanted, slab_rows_ * slabs_);
    columns_per_block_ =
        std::min(columns_per_block_, divide_up(divide_up(width, parts), tile_rows) * tile_rows);
  }
  if (blocks() < wanted) panel_splits_ = std::min(panels, divide_up(wanted, blocks()));
}

// Several panels at once multiply the partial sums that have to stay in cache meanwhile.
void ImplicitGemm::plan_strips() {
  const bool paged = problem_.out_channels * kFloatBytes >= kPagedRowBytes;
  if (!has_many_weights_ || !(paged || rows_per_block_ * columns_per_block_ <= kFewPixels)) return;
  strip_panels_ = std::max<int64_t>(1, kStripBytes / (columns_ * kFloatBytes));
}

void ImplicitGemm::plan_input() {
  const Window& window = problem_.window;
  const int64_t pixel = window.channels * kFloatBytes;
  int64_t row = window.in[2] * pixel;
  int64_t slice = window.in[1] * row;
  int64_t tap_slice = window.dilation[0] * slice;
  if (copies_input_) {
    input_rows_ = (rows_per_block_ - 1) * window.stride[1] + window.extent(1);
    input_columns_ = (columns_per_block_ - 1) * window.stride[2] + window.extent(2);
    row = input_columns_ * pixel;
    slice = tap_slice = input_rows_ * row;  // one slice per tap along the depth
  }
  tap_bytes_ = {tap_slice, window.dilation[1] * row, window.dilation[2] * pixel};
  output_bytes_ = {window.stride[0] * slice, window.stride[1] * row, window.stride[2] * pixel};
}

Window::Axes ImplicitGemm::tap_at(int64_t index) const {
  const int64_t height = problem_.window.size[1];
  return {index / kernel_columns_ / height, index / kernel_columns_ % height, index % kernel_columns_};
}

std::ptrdiff_t ImplicitGemm::tap_offset(int64_t index) const {
  const Window& window = problem_.window;
  const Window::Axes tap = tap_at(index);
  std::ptrdiff_t offset = 0;
  for (size_t axis = 0; axis < 3; axis++) {
    offset += tap[axis] * tap_bytes_[axis];
    if (!copies_input_) offset -= window.low[axis] * (output_bytes_[axis] / window.stride[axis]);
  }
  return offset;
}

// Appends the block of tap_count taps from first_tap on, and of each the channels [channel, channel +
// channels).
void ImplicitGemm::add_weights(int64_t first_tap, int64_t tap_count, int64_t channel, int64_t channels) {
  const Window& window = problem_.window;
  WeightBlock block;
  block.first_row = first_tap * run_ + channel;
  block.rows = tap_count * channels;
  block.run = channels;
  block.offset_bytes = tap_offset(first_tap) + channel * kFloatBytes;
  for (int64_t i = 0; i < tap_count; i++)
    block.taps.push_back(tap_offset(first_tap + i) - tap_offset(first_tap));
  block.begin = {0, 0, 0};
  block.end = window.out;
  if (clipped_) {
    const Window::Axes tap = tap_at(first_tap);
    for (int axis = 0; axis < 3; axis++) {
      const size_t i = Window::at(axis);
      std::tie(block.begin[i], block.end[i]) = window.covered(axis, tap[i]);
    }
  }
  blocks_.push_back(std::move(block));
}

void ImplicitGemm::plan_weights() {
  const Window& window = problem_.window;
  // The channels of neighbouring columns follow each other in x and in w alike: a row of the window is one
  // run.
  const bool merges = !clipped_ && problem_.groups == 1 && window.dilation[2] == 1;
  kernel_columns_ = merges ? 1 : window.size[2];
  run_ = merges ? window.size[2] * group_in_ : group_in_;
  if (clipped_) return plan_clipped_weights();
  const int64_t taps = window.size[0] * window.size[1] * kernel_columns_;
  if (run_ <= kWeightBlockRows) {
    const int64_t step = std::max<int64_t>(1, kWeightBlockRows / run_);
    for (int64_t tap = 0; tap < taps; tap += step) add_weights(tap, std::min(step, taps - tap), 0, run_);
    return;
  }
  const int64_t slices = divide_up(run_, kWeightBlockRows);
  for (int64_t tap = 0; tap < taps; tap++) {
    for (int64_t i = 0; i < slices; i++) {
      add_weights(tap, 1, run_ * i / slices, run_ * (i + 1) / slices - run_ * i / slices);
    }
  }
}

// The tap that covers every output comes first and last (in slices of its channels), because the first block
// starts the sums and the last one finishes them.
void ImplicitGemm::plan_clipped_weights() {
  const Window& window = problem_.window;
  const int64_t taps = window.size[0] * window.size[1] * window.size[2];
  const int64_t center =
      (covering_tap(window, 0) * window.size[1] + covering_tap(window, 1)) * window.size[2] +
      covering_tap(window, 2);
  const auto add = [&](int64_t tap, int64_t slices, int64_t from, int64_t to) {
    for (int64_t i = from; i < to; i++) {
      const int64_t begin = run_ * i / slices;
      add_weights(tap, 1, begin, run_ * (i + 1) / slices - begin);
    }
  };
  const int64_t slices = divide_up(run_, kWeightBlockRows);
  const int64_t center_slices = std::max<int64_t>(2, slices);
  add(center, center_slices, 0, 1);
  for (int64_t tap = 0; tap < taps; tap++) {
    if (tap != center) add(tap, slices, 0, slices);
  }
  add(center, center_slices, 1, center_slices);
}

void ImplicitGemm::plan_scratch() {
  const Window& window = problem_.window;
  int64_t rows = 0;
  for (const WeightBlock& block : blocks_) rows = std::max(rows, block.rows);
  const auto reserve = [&](int64_t floats) {
    const int64_t offset = scratch_.bytes;
    scratch_.bytes += align(floats * kFloatBytes);
    return offset;
  };
  scratch_.block = reserve(rows * strip_panels_ * columns_);
  scratch_.next_block = reserve(rows * strip_panels_ * columns_);
  scratch_.edge = reserve(2 * kMaxTileRows * columns_);  // outputs and residuals
  scratch_.vectors = reserve(2 * columns_);              // scale and shift
  if (copies_input_)
    scratch_.input = reserve(window.size[0] * input_rows_ * input_columns_ * window.channels);
}

}  // namespace cornu::kernels
