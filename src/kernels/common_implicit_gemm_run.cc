#include <algorithm>
#include <cstring>
#include <utility>

#include "kernels/implicit_gemm.h"

namespace cornu::kernels {
namespace {

constexpr int64_t kFloatBytes = sizeof(float);

int64_t divide_up(int64_t a, int64_t b) {
  return (a + b - 1) / b;
}

// rows x columns floats between arrays of different row lengths (in floats); either may be misaligned.
void copy_floats(const void* from, int64_t from_row, void* to, int64_t to_row, int64_t rows,
                 int64_t columns) {
  for (int64_t i = 0; i < rows; i++) {
    std::memcpy(static_cast<std::byte*>(to) + i * to_row * kFloatBytes,
                static_cast<const std::byte*>(from) + i * from_row * kFloatBytes,
                static_cast<size_t>(columns * kFloatBytes));
  }
}

}  // namespace

// Outputs: rows [row, row_end) of a slab's rows, counted over the whole batch, columns [column, column_end),
// and panels [panel, panel_end) counted over all groups.
struct ImplicitGemm::Job {
  int64_t row, row_end, column, column_end, panel, panel_end;
};

class ImplicitGemm::Worker {
 public:
  Worker(const ImplicitGemm& plan, const Operands& operands, const Job& job, std::byte* scratch)
      : plan_(plan),
        operands_(operands),
        job_(job),
        scratch_(scratch),
        this_block_(floats(plan.scratch_.block)),
        next_block_(floats(plan.scratch_.next_block)) {}

  void run() {
    if (plan_.problem_.x_transposed) {
      transpose_input();
    } else if (plan_.copies_input_) {
      pad_input();
    }
    for (Strip strip = strip_at(job_.panel); strip.panels > 0;) {
      const Strip next = strip_at(strip.end);
      run_strip(strip, next);
      strip = next;
    }
    if (!plan_.clamp_.is_whole) finish();
  }

 private:
  struct Panel {
    int64_t group, column, width;  // first output channel and their number
    int vectors;
    bool is_edge;  // the last vector is not full: the panel is computed apart and copied
  };

  // Panels whose weights are copied together, so that a row of them, which may be a page of its own, is touched once.
  struct Strip {
    Panel first;
    int64_t panels;  // 0 behind the job's last
    int64_t end;     // index of the next panel
  };

  float* floats(int64_t offset) const { return reinterpret_cast<float*>(scratch_ + offset); }

  Panel panel_at(int64_t index) const {
    const int64_t group = index / plan_.panels_per_group_;
    const int64_t first = index % plan_.panels_per_group_ * plan_.columns_;
    const int64_t width = std::min(plan_.columns_, plan_.group_out_ - first);
    return {group, group * plan_.group_out_ + first, width,
            static_cast<int>(divide_up(width, plan_.tiles_.lanes)), width % plan_.tiles_.lanes != 0};
  }

  const std::byte* weights(const Panel& panel, const WeightBlock& block) const {
    if (plan_.problem_.w_transposed) {
      return operands_.w + (panel.column * plan_.group_in_ + block.first_row) * kFloatBytes;
    }
    return operands_.w + (block.first_row * plan_.problem_.out_channels + panel.column) * kFloatBytes;
  }

  void pad_input();
  void transpose_input();
  Strip strip_at(int64_t index) const;
  void run_strip(const Strip& strip, const Strip& next);
  void run_block(const Strip& strip, size_t block, const WeightBlock* next, const Strip& next_strip);
  void run_panel(const Panel& panel, const WeightBlock& block, TileCall& call);
  void start_copy(const Strip& strip, const WeightBlock* next, const Strip& next_strip);
  void go_on_copying(int vectors);
  bool is_dense(const Panel& panel) const;
  void copy_weights(const Strip& strip, const WeightBlock& block, int64_t first_row, float* to) const;
  void set_vectors(const Panel& panel, TileCall& call) const;
  template <class Fn>
  void for_each_tile(const WeightBlock& block, int64_t most, Fn&& fn) const;
  void run_edge(const Panel& panel, TileFn tile, TileCall call, int64_t rows) const;
  void finish() const;

  const ImplicitGemm& plan_;
  const Operands& operands_;
  const Job& job_;
  std::byte* const scratch_;
  float* this_block_;  // weights of the block that runs, copied: a panel after the other
  float* next_block_;
  // The copy of the block that runs next: its next rows, and how many of all are done.
  PanelCopy copy_ = {};
  int64_t copied_rows_ = 0, next_rows_ = 0;
};

// The part of x that the job's windows reach, with zeros for padding, as (depth taps, rows, columns,
// channels).
void ImplicitGemm::Worker::pad_input() {
  const Window& window = plan_.problem_.window;
  const int64_t pixel = window.channels * kFloatBytes;
  const int64_t slab = job_.row / window.out[1];
  const int64_t image = slab / window.out[0];
  const int64_t first_slice = slab % window.out[0] * window.stride[0] - window.low[0];
  const int64_t first_row = job_.row % window.out[1] * window.stride[1] - window.low[1];
  const int64_t first_column = job_.column * window.stride[2] - window.low[2];
  const int64_t rows = (job_.row_end - job_.row - 1) * window.stride[1] + window.extent(1);
  const int64_t columns = (job_.column_end - job_.column - 1) * window.stride[2] + window.extent(2);
  const int64_t left = std::clamp<int64_t>(-first_column, 0, columns);
  const int64_t right = std::clamp<int64_t>(window.in[2] - first_column, left, columns);
  std::byte* const copy = scratch_ + plan_.scratch_.input;
  for (int64_t tap = 0; tap < window.size[0]; tap++) {
    const int64_t slice = first_slice + tap * window.dilation[0];
    for (int64_t i = 0; i < rows; i++) {
      std::byte* const to = copy + (tap * plan_.input_rows_ + i) * plan_.input_columns_ * pixel;
      const int64_t row = first_row + i;
      if (slice < 0 || slice >= window.in[0] || row < 0 || row >= window.in[1] || left == right) {
        std::memset(to, 0, static_cast<size_t>(columns * pixel));
        continue;
      }
      const int64_t from =
          ((image * window.in[0] + slice) * window.in[1] + row) * window.in[2] + first_column + left;
      std::memset(to, 0, static_cast<size_t>(left * pixel));
      std::memcpy(to + left * pixel, operands_.x + from * pixel, static_cast<size_t>((right - left) * pixel));
      std::memset(to + right * pixel, 0, static_cast<size_t>((columns - right) * pixel));
    }
  }
}

// (channels, pixels) to (pixels, channels) for the job's pixels.
void ImplicitGemm::Worker::transpose_input() {
  const Window& window = plan_.problem_.window;
  float* const copy = floats(plan_.scratch_.input);
  for (int64_t k = 0; k < window.channels; k++) {
    const UnalignedArray<float> x{operands_.x + (k * window.in[2] + job_.column) * kFloatBytes};
    for (int64_t i = 0; i < job_.column_end - job_.column; i++) copy[i * window.channels + k] = x[i];
  }
}

ImplicitGemm::Worker::Strip ImplicitGemm::Worker::strip_at(int64_t index) const {
  if (index >= job_.panel_end) return {};
  const Panel first = panel_at(index);
  Strip strip = {first, 1, index + 1};
  if (plan_.problem_.w_transposed || first.is_edge) return strip;
  while (strip.panels < plan_.strip_panels_ && strip.end < job_.panel_end) {
    const Panel panel = panel_at(strip.end);
    if (panel.is_edge || panel.group != first.group || panel.vectors != first.vectors) break;
    strip.panels++;
    strip.end++;
  }
  return strip;
}

void ImplicitGemm::Worker::run_strip(const Strip& strip, const Strip& next) {
  const std::vector<WeightBlock>& blocks = plan_.blocks_;
  for (size_t i = 0; i + 1 < blocks.size(); i++) run_block(strip, i, &blocks[i + 1], strip);
  run_block(strip, blocks.size() - 1, next.panels > 0 ? &blocks[0] : nullptr, next);
}

// Calls fn(row of y, first column, pixels, input address) for tiles of at most `most` pixels to which the
// block contributes.
template <class Fn>
void ImplicitGemm::Worker::for_each_tile(const WeightBlock& block, int64_t most, Fn&& fn) const {
  const Window& window = plan_.problem_.window;
  const int64_t first = std::max(job_.column, block.begin[2]);
  const int64_t count = std::min(job_.column_end, block.end[2]) - first;
  if (count <= 0) return;
  const int64_t tiles = divide_up(count, most);
  const int64_t least = count / tiles;
  const int64_t larger = count % tiles;  // so many tiles have a pixel more
  const bool copied = plan_.copies_input_;
  const std::byte* const x = copied ? scratch_ + plan_.scratch_.input : operands_.x;
  const int64_t image_bytes = window.in[0] * window.in[1] * window.in[2] * window.channels * kFloatBytes;
  for (int64_t row = job_.row; row < job_.row_end; row++) {
    const int64_t y = row % window.out[1];
    const int64_t z = row / window.out[1] % window.out[0];
    const int64_t image = row / window.out[1] / window.out[0];
    if (y < block.begin[1] || y >= block.end[1] || z < block.begin[0] || z >= block.end[0]) continue;
    const std::ptrdiff_t origin =
        block.offset_bytes +
        (copied ? (row - job_.row) * plan_.output_bytes_[1] - job_.column * plan_.output_bytes_[2]
                : image * image_bytes + z * plan_.output_bytes_[0] + y * plan_.output_bytes_[1]);
    int64_t begin = first;
    for (int64_t i = 0; i < tiles; i++) {
      const int64_t pixels = least + (i < larger ? 1 : 0);
      fn(row, begin, pixels, x + origin + begin * plan_.output_bytes_[2]);
      begin += pixels;
    }
  }
}

// One block of weights over all tiles of the job, which copy the next block meanwhile.
void ImplicitGemm::Worker::run_block(const Strip& strip, size_t index, const WeightBlock* next,
                                     const Strip& next_strip) {
  const WeightBlock& block = plan_.blocks_[index];
  const Problem& problem = plan_.problem_;
  const int64_t panel_floats = int64_t{strip.first.vectors} * plan_.tiles_.lanes;
  TileCall call = {};
  call.pixel_bytes = plan_.output_bytes_[2];
  call.taps = block.taps.data();
  call.tap_count = static_cast<int64_t>(block.taps.size());
  call.run = block.run;
  call.b_row_bytes = panel_floats * kFloatBytes;
  call.c_row = problem.out_channels;
  call.first = index == 0;
  call.last = index + 1 == plan_.blocks_.size();
  call.lo = plan_.clamp_.lo;
  call.hi = plan_.clamp_.hi;
  if (is_dense(strip.first)) {
    call.b = weights(strip.first, block);
  } else {
    copy_weights(strip, block, copied_rows_, this_block_);
    call.b = reinterpret_cast<const std::byte*>(this_block_);
  }
  start_copy(strip, next, next_strip);
  if (next_rows_ > 0) {
    call.prefetch_row_bytes = copy_.row_bytes;
    call.prefetch_bytes = copy_.panels * panel_floats * kFloatBytes;
    call.prefetch_rows = divide_up(copy_.rows, std::max<int64_t>(1, block.rows / kPrefetchSteps));
  }
  Panel panel = strip.first;
  for (int64_t i = 0; i < strip.panels; i++) {
    if (call.last) set_vectors(panel, call);
    run_panel(panel, block, call);
    panel.column += panel.width;
    call.b += block.rows * panel_floats * kFloatBytes;
  }
  std::swap(this_block_, next_block_);
}

// Makes the copy of the next block ready: so many rows after each tile of the strip that the last one ends it. Few
// weights are copied at once when their turn comes.
void ImplicitGemm::Worker::start_copy(const Strip& strip, const WeightBlock* next, const Strip& next_strip) {
  copied_rows_ = next_rows_ = 0;
  copy_ = {};
  if (!plan_.has_many_weights_ || plan_.problem_.w_transposed) return;
  if (next == nullptr || next_strip.first.vectors != strip.first.vectors || next_strip.first.is_edge ||
      is_dense(next_strip.first)) {
    return;
  }
  next_rows_ = next->rows;
  const int64_t most = plan_.tiles_.max_rows[strip.first.vectors];
  const int64_t tiles = (job_.row_end - job_.row) * divide_up(job_.column_end - job_.column, most);
  copy_.from = weights(next_strip.first, *next);
  copy_.row_bytes = plan_.problem_.out_channels * kFloatBytes;
  copy_.rows = divide_up(next_rows_, tiles * strip.panels);
  copy_.panels = next_strip.panels;
  copy_.to = next_block_;
  copy_.panel_floats = next_rows_ * strip.first.vectors * plan_.tiles_.lanes;
}

void ImplicitGemm::Worker::go_on_copying(int vectors) {
  copy_.rows = std::min(copy_.rows, next_rows_ - copied_rows_);
  if (copy_.rows == 0) return;
  plan_.tiles_.copy[vectors](copy_);
  copied_rows_ += copy_.rows;
  copy_.from += copy_.rows * copy_.row_bytes;
  copy_.to += copy_.rows * vectors * plan_.tiles_.lanes;
}

// One panel of a block over all tiles of the job.
void ImplicitGemm::Worker::run_panel(const Panel& panel, const WeightBlock& block, TileCall& call) {
  const int64_t y_row = plan_.problem_.out_channels;
  const int64_t width = plan_.problem_.window.out[2];
  const auto run_tile = [&](int64_t row, int64_t column, int64_t rows, const std::byte* x) {
    const int64_t offset = (row * width + column) * y_row + panel.column;
    call.a = x + panel.group * plan_.group_in_ * kFloatBytes;
    call.c = operands_.y + offset;
    call.residual =
        call.last && operands_.residual != nullptr ? operands_.residual + offset * kFloatBytes : nullptr;
    call.prefetch = copy_.from + copy_.rows * copy_.row_bytes;
    const TileFn tile = plan_.tiles_.tile[panel.vectors][rows];
    if (panel.is_edge) {
      run_edge(panel, tile, call, rows);
    } else {
      tile(call);
    }
    go_on_copying(panel.vectors);
  };
  for_each_tile(block, plan_.tiles_.max_rows[panel.vectors], run_tile);
}

// Whether the panel is everything that the weights hold: read where it lies.
bool ImplicitGemm::Worker::is_dense(const Panel& panel) const {
  return !panel.is_edge && !plan_.problem_.w_transposed &&
         plan_.problem_.out_channels == int64_t{panel.vectors} * plan_.tiles_.lanes;
}

// The block's weights, from a row on, as dense panels, zeros beyond a panel's width.
void ImplicitGemm::Worker::copy_weights(const Strip& strip, const WeightBlock& block, int64_t first_row,
                                        float* to) const {
  const Panel& panel = strip.first;
  const int64_t panel_floats = int64_t{panel.vectors} * plan_.tiles_.lanes;
  const std::byte* const w = weights(panel, block);
  if (plan_.problem_.w_transposed) {
    if (panel.is_edge) std::memset(to, 0, static_cast<size_t>(block.rows * panel_floats * kFloatBytes));
    for (int64_t n = 0; n < panel.width; n++) {
      const UnalignedArray<float> column{w + n * plan_.group_in_ * kFloatBytes};
      for (int64_t k = 0; k < block.rows; k++) to[k * panel_floats + n] = column[k];
    }
    return;
  }
  const int64_t row_bytes = plan_.problem_.out_channels * kFloatBytes;
  if (!panel.is_edge) {
    plan_.tiles_.copy[panel.vectors]({w + first_row * row_bytes, row_bytes, block.rows - first_row,
                                      strip.panels, to + first_row * panel_floats,
                                      block.rows * panel_floats});
    return;
  }
  for (int64_t i = first_row; i < block.rows; i++) {
    float* const copy = to + i * panel_floats;
    std::memcpy(copy, w + i * row_bytes, static_cast<size_t>(panel.width * kFloatBytes));
    std::fill(copy + panel.width, copy + panel_floats, 0.0F);
  }
}

// Points the call to the panel's scale and shift.
void ImplicitGemm::Worker::set_vectors(const Panel& panel, TileCall& call) const {
  const std::byte* const sources[] = {operands_.scale, operands_.shift};
  const std::byte** const targets[] = {&call.scale, &call.shift};
  for (int i = 0; i < 2; i++) {
    if (sources[i] == nullptr) continue;
    const std::byte* const values = sources[i] + panel.column * kFloatBytes;
    *targets[i] = values;
    if (!panel.is_edge) continue;
    float* const copy = floats(plan_.scratch_.vectors) + i * plan_.columns_;
    std::memset(copy, 0, static_cast<size_t>(plan_.columns_ * kFloatBytes));
    copy_floats(values, 0, copy, 0, 1, panel.width);
    *targets[i] = reinterpret_cast<const std::byte*>(copy);
  }
}

// A tile whose last vector reaches past the output channels: computed in scratch, of which `width` columns
// are copied.
void ImplicitGemm::Worker::run_edge(const Panel& panel, TileFn tile, TileCall call, int64_t rows) const {
  const int64_t stride = int64_t{panel.vectors} * plan_.tiles_.lanes;
  const int64_t y_row = plan_.problem_.out_channels;
  float* const y = call.c;
  float* const sums = floats(plan_.scratch_.edge);
  if (!call.first) copy_floats(y, y_row, sums, stride, rows, panel.width);
  if (call.residual != nullptr) {
    float* const residual = sums + kMaxTileRows * plan_.columns_;
    copy_floats(call.residual, y_row, residual, stride, rows, panel.width);
    call.residual = reinterpret_cast<const std::byte*>(residual);
  }
  call.c = sums;
  call.c_row = stride;
  tile(call);
  copy_floats(sums, stride, y, y_row, rows, panel.width);
}

// The activation, where it is more than a clamp: over the job's outputs, which are still in cache.
void ImplicitGemm::Worker::finish() const {
  const Problem& problem = plan_.problem_;
  const int64_t n = problem.out_channels;
  const Panel last = panel_at(job_.panel_end - 1);
  const int64_t first_column = panel_at(job_.panel).column;
  const int64_t columns = last.column + last.width - first_column;
  for (int64_t row = job_.row; row < job_.row_end; row++) {
    float* const y = operands_.y + (row * problem.window.out[2] + job_.column) * n + first_column;
    const int64_t pixels = job_.column_end - job_.column;
    const int64_t spans = columns == n ? 1 : pixels;
    for (int64_t i = 0; i < spans; i++) {
      float* const span = y + i * n;
      activate(problem.epilogue.activation, problem.epilogue.a, problem.epilogue.b,
               reinterpret_cast<const std::byte*>(span), span, columns == n ? pixels * n : columns);
    }
  }
}

ImplicitGemm::Operands ImplicitGemm::Operands::of(const KernelCall& call, const Epilogue& epilogue) {
  const auto input = [&](int i) { return i < 0 ? nullptr : call.in[i]; };
  return {call.in[0],
          call.in[1],
          input(epilogue.scale),
          input(epilogue.shift),
          input(epilogue.residual),
          reinterpret_cast<float*>(call.out[0])};
}

void ImplicitGemm::run(const Operands& operands, int64_t job, std::byte* scratch) const {
  const int64_t panels = panels_per_group_ * problem_.groups;
  const int64_t split = job % panel_splits_;
  const int64_t column_block = job / panel_splits_ % column_blocks_;
  const int64_t row_block = job / panel_splits_ / column_blocks_;
  const int64_t slab = row_block / slab_blocks_ * slab_rows_;
  Job work;
  work.row = slab + row_block % slab_blocks_ * rows_per_block_;
  work.row_end = std::min(work.row + rows_per_block_, slab + slab_rows_);
  work.column = column_block * columns_per_block_;
  work.column_end = std::min(work.column + columns_per_block_, problem_.window.out[2]);
  work.panel = panels * split / panel_splits_;
  work.panel_end = panels * (split + 1) / panel_splits_;
  Worker(*this, operands, work, scratch).run();
}

}  // namespace cornu::kernels
