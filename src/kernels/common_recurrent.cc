#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <memory>
#include <vector>

#include "base/thread_pool.h"
#include "kernels/cell.h"
#include "kernels/gemm_tile.h"
#include "kernels/recurrent.h"
#include "kernels/site.h"

namespace cornu::kernels {
namespace {

constexpr int64_t kFloatBytes = sizeof(float);
constexpr int64_t kCacheLine = 64;
constexpr int64_t kMaxBlock = 32;   // sequences that walk together: their sums stay in the second-level cache
constexpr int64_t kLeastBlock = 6;  // sequences that use a weight well
constexpr int64_t kPackedSteps = 8;  // times that a weight is used to pay for its copy
// Of a recurrent kernel that threads share: 512 kB, more than the second-level cache of one core keeps.
constexpr int64_t kSharedFloats = 1 << 17;
constexpr int64_t kTileDepth = 384;  // products summed in one go, as in matrix products

int64_t divide_up(int64_t a, int64_t b) {
  return (a + b - 1) / b;
}

// What threads do between two points at which all must have arrived: sums, from a state, and the function that follows.
struct Phase {
  int first_gate, gates;  // the columns of the recurrent kernel, and the sections of z
  bool from_reset;        // the product is of r h, not of h
  CellFn finish;
};

// Columns of the recurrent kernel that a tile takes together, as they lie in z.
struct Panel {
  int64_t column;  // of z
  int vectors;
  int64_t offset;  // of its weights, in floats: in the packed copy, or in the recurrent kernel itself
};

struct Plan {
  const CellKernels& cell = cell_kernels();
  const TileSet& tiles = gemm_tiles();
  std::vector<Phase> phases;
  std::vector<std::vector<std::vector<Panel>>> panels;  // [slice][phase]
  int64_t batch = 0, time = 0, units = 0;
  int64_t gates = 0, sections = 0, states = 1;
  int64_t section = 0;  // units, filled up to whole vectors
  int64_t block = 1;    // sequences that walk together
  int64_t slices = 1;   // of the units, each walked by a thread of its own
  bool packs = false;
  int bias = -1, state = -1, mask = -1;  // inputs
  bool go_backwards = false, zero_output = false, return_sequences = false;
  GateFunction activation, recurrent_activation;

  int64_t z_row() const { return sections * section; }
  int64_t slice_begin(int64_t slice) const {
    const int64_t vectors = section / cell.lanes;
    return vectors * slice / slices * cell.lanes;
  }
  void plan_work(int threads);
  void plan_panels();
  int tile_vectors() const;
};

// Where things lie in the scratch, in floats.
struct Layout {
  int64_t weights, z, h, other_h, c, flags, floats;

  explicit Layout(const Plan& p) {
    floats = 0;
    const auto reserve = [this](int64_t count) {
      const int64_t offset = floats;
      floats += divide_up(count, 16) * 16;  // 64 bytes
      return offset;
    };
    weights = reserve(p.packs ? p.gates * p.section * p.units : 0);
    z = reserve(p.batch * p.z_row());
    h = reserve(p.batch * p.section);
    other_h = reserve(p.slices > 1 ? p.batch * p.section : 0);
    c = reserve(p.batch * p.section);
    flags = reserve(divide_up(p.batch * p.slices, kFloatBytes));
  }
};

// One run.
class Walk {
 public:
  Walk(const Plan& plan, const KernelCall& call)
      : p_(plan), call_(call), layout_(plan), scratch_(reinterpret_cast<float*>(call.scratch)) {}

  void run();

 private:
  void pack(const Panel& panel) const;
  void start(int64_t row);
  void step(int64_t row, int64_t row_end, int64_t slice, int64_t i, size_t phase);
  void add_products(int64_t row, int64_t rows, const Panel& panel, const float* state) const;
  void load_sums(int64_t row, int64_t slice, int64_t at, const Phase& phase) const;
  void finish_row(int64_t row, int64_t slice, int64_t i, const Phase& phase, bool is_last_phase);
  void store_states(int64_t row) const;

  float* z(int64_t row) const { return scratch_ + layout_.z + row * p_.z_row(); }
  float* c(int64_t row) const { return scratch_ + layout_.c + row * p_.section; }
  // The state before step i, and after it.
  float* h(int64_t row, int64_t i) const {
    const bool other = p_.slices > 1 && i % 2 != 0;
    return scratch_ + (other ? layout_.other_h : layout_.h) + row * p_.section;
  }
  // Whether a sequence has an output before; each slice has its own copy.
  uint8_t& has_output(int64_t row, int64_t slice) const {
    return reinterpret_cast<uint8_t*>(scratch_ + layout_.flags)[slice * p_.batch + row];
  }
  int64_t time_at(int64_t i) const { return p_.go_backwards ? p_.time - 1 - i : i; }
  bool counts(int64_t row, int64_t i) const {
    return p_.mask < 0 || load_at<uint8_t>(call_.in[p_.mask], row * p_.time + time_at(i)) != 0;
  }

  const Plan& p_;
  const KernelCall& call_;
  const Layout layout_;
  float* const scratch_;
};

void Walk::pack(const Panel& panel) const {
  const int64_t width = int64_t{panel.vectors} * p_.cell.lanes;
  float* to = scratch_ + layout_.weights + panel.offset;
  std::memset(to, 0, static_cast<size_t>(p_.units * width * kFloatBytes));
  // The columns of z are the units of one gate after the other, each filled up: the panel may span several gates.
  for (int64_t column = panel.column; column < panel.column + width;) {
    const int64_t gate = column / p_.section;
    const int64_t unit = column % p_.section;
    const int64_t end = std::min((gate + 1) * p_.section, panel.column + width);
    const int64_t count = std::min(p_.units, end - gate * p_.section) - unit;
    const std::byte* const from = call_.in[1] + (gate * p_.units + unit) * kFloatBytes;
    for (int64_t k = 0; count > 0 && k < p_.units; k++) {
      std::memcpy(to + k * width + column - panel.column, from + k * p_.gates * p_.units * kFloatBytes,
                  static_cast<size_t>(count * kFloatBytes));
    }
    column = end;
  }
}

void Walk::start(int64_t row) {
  const auto load = [&](int state, float* to) {
    const std::byte* from =
        p_.state < 0 ? nullptr : call_.in[p_.state + state] + row * p_.units * kFloatBytes;
    p_.cell.load(from, nullptr, p_.units, to);
  };
  load(0, h(row, 0));
  if (p_.states > 1) {
    load(1, c(row));
  } else {
    std::fill_n(c(row), p_.section, 0.0F);
  }
  for (int64_t slice = 0; slice < p_.slices; slice++) has_output(row, slice) = 0;
}

// z of the phase's gates: x and the bias, before the products are added.
void Walk::load_sums(int64_t row, int64_t slice, int64_t at, const Phase& phase) const {
  const int64_t begin = p_.slice_begin(slice);
  const int64_t count = std::min(p_.units, p_.slice_begin(slice + 1)) - begin;
  if (count <= 0) return;
  const std::byte* const x = call_.in[0] + (row * p_.time + at) * p_.gates * p_.units * kFloatBytes;
  for (int64_t gate = phase.first_gate; gate < phase.first_gate + phase.gates; gate++) {
    const int64_t from = (gate * p_.units + begin) * kFloatBytes;
    const std::byte* const bias = p_.bias < 0 ? nullptr : call_.in[p_.bias] + from;
    float* const to = z(row) + gate * p_.section + begin;
    // x of a candidate whose reset gate follows the product is kept apart, in the section behind the sums.
    const bool apart = p_.sections > p_.gates && gate + 1 == p_.gates;
    p_.cell.load(apart ? nullptr : x + from, bias, count, to);
    if (apart) p_.cell.load(x + from, nullptr, count, to + p_.section);
    // The next step of the same sequence: too many streams for the hardware to foresee.
    const std::byte* const next = x + from + (p_.go_backwards ? -1 : 1) * p_.gates * p_.units * kFloatBytes;
    for (int64_t i = 0; i < count * kFloatBytes; i += kCacheLine) __builtin_prefetch(next + i);
  }
}

void Walk::add_products(int64_t row, int64_t rows, const Panel& panel, const float* state) const {
  const int64_t width = int64_t{panel.vectors} * p_.cell.lanes;
  const std::byte* const w =
      p_.packs ? reinterpret_cast<const std::byte*>(scratch_ + layout_.weights + panel.offset)
               : call_.in[1] + panel.offset * kFloatBytes;
  const int64_t w_row_bytes = (p_.packs ? width : p_.gates * p_.units) * kFloatBytes;
  if (p_.block == 1) {
    return p_.cell.add_products(state, p_.units, w, w_row_bytes, panel.vectors, z(row) + panel.column);
  }
  constexpr std::ptrdiff_t kOneTap = 0;
  TileCall call = {};
  call.pixel_bytes = p_.section * kFloatBytes;
  call.taps = &kOneTap;
  call.tap_count = 1;
  call.b_row_bytes = w_row_bytes;
  call.c_row = p_.z_row();
  const int64_t tile_count = divide_up(rows, p_.tiles.max_rows[panel.vectors]);
  for (int64_t i = 0; i < tile_count; i++) {
    const int64_t first = rows * i / tile_count;
    const int64_t count = rows * (i + 1) / tile_count - first;
    call.c = z(row + first) + panel.column;
    for (int64_t k = 0; k < p_.units; k += kTileDepth) {
      call.run = std::min(kTileDepth, p_.units - k);
      call.a = reinterpret_cast<const std::byte*>(state + first * p_.section + k);
      call.b = w + k * w_row_bytes;
      p_.tiles.tile[panel.vectors][count](call);
    }
  }
}

// Step i of the sequences [row, row_end), as far as the phase goes and the slice's units are concerned.
void Walk::step(int64_t row, int64_t row_end, int64_t slice, int64_t i, size_t index) {
  const Phase& phase = p_.phases[index];
  for (int64_t r = row; r < row_end; r++) load_sums(r, slice, time_at(i), phase);
  const float* const state = phase.from_reset ? c(row) : h(row, i);
  for (const Panel& panel : p_.panels[static_cast<size_t>(slice)][index])
    add_products(row, row_end - row, panel, state);
  for (int64_t r = row; r < row_end; r++) finish_row(r, slice, i, phase, index + 1 == p_.phases.size());
}

void Walk::finish_row(int64_t row, int64_t slice, int64_t i, const Phase& phase, bool is_last_phase) {
  const int64_t begin = p_.slice_begin(slice);
  const int64_t end = p_.slice_begin(slice + 1);
  float* const next = h(row, i + 1);
  const bool counting = counts(row, i);
  if (counting) {
    phase.finish(
        {z(row), p_.section, h(row, i), next, c(row), begin, end, p_.activation, p_.recurrent_activation});
  }
  if (!is_last_phase) return;
  uint8_t& has = has_output(row, slice);
  if (counting) {
    has = 1;
  } else {
    if (p_.slices > 1) std::copy(h(row, i) + begin, h(row, i) + end, next + begin);
    if (p_.zero_output) has = 0;
  }
  if (!p_.return_sequences && i + 1 < p_.time) return;
  const int64_t at = p_.return_sequences ? row * p_.time + i : row;
  float* const y = reinterpret_cast<float*>(call_.out[0]) + at * p_.units;
  const int64_t stop = std::min(p_.units, end);
  if (has != 0) {
    std::copy(next + begin, next + std::max(begin, stop), y + begin);
  } else {
    std::fill(y + begin, y + std::max(begin, stop), 0.0F);
  }
}

void Walk::store_states(int64_t row) const {
  const float* const sources[] = {h(row, p_.time), c(row)};
  for (int64_t state = 0; state < p_.states; state++) {
    float* const to = reinterpret_cast<float*>(call_.out[state + 1]) + row * p_.units;
    std::copy_n(sources[state], p_.units, to);
  }
}

void Walk::run() {
  if (p_.packs) {
    for (const auto& slice : p_.panels) {
      for (const auto& panels : slice) {
        call_.pool.run(static_cast<int64_t>(panels.size()),
                       [&](int64_t i, int) { pack(panels[static_cast<size_t>(i)]); });
      }
    }
  }
  if (p_.slices > 1) {
    for (int64_t row = 0; row < p_.batch; row++) start(row);
    for (int64_t i = 0; i < p_.time; i++) {
      for (size_t phase = 0; phase < p_.phases.size(); phase++) {
        call_.pool.run(p_.slices, [&](int64_t slice, int) { step(0, p_.batch, slice, i, phase); });
      }
    }
    for (int64_t row = 0; row < p_.batch; row++) store_states(row);
    return;
  }
  const int64_t blocks = divide_up(p_.batch, p_.block);
  call_.pool.run(blocks, [&](int64_t block, int) {
    const int64_t row = p_.batch * block / blocks;
    const int64_t row_end = p_.batch * (block + 1) / blocks;
    for (int64_t r = row; r < row_end; r++) start(r);
    for (int64_t i = 0; i < p_.time; i++) {
      for (size_t phase = 0; phase < p_.phases.size(); phase++) step(row, row_end, 0, i, phase);
    }
    for (int64_t r = row; r < row_end; r++) store_states(r);
  });
}

void Plan::plan_work(int threads) {
  section = divide_up(units, cell.lanes) * cell.lanes;
  // Two blocks for each thread, if they are not too small, so that a thread that starts late costs little.
  const int64_t parts = threads > 1 && batch >= 2 * threads * kLeastBlock ? 2 * threads : threads;
  block = std::clamp<int64_t>(divide_up(batch, parts), 1, kMaxBlock);
  if (batch < threads && gates * units * units >= kSharedFloats) {
    slices = std::min<int64_t>(threads, section / cell.lanes);
    block = batch;
  }
  // Weights are copied once in a run where that pays, so that a tile reads one stretch of memory; and where the last vector
  // of a gate would reach past it.
  packs = block * time >= kPackedSteps || section != units;
}

// The width of a panel with the fewest cycles per output for tiles of the block's sequences; see ImplicitGemm.
int Plan::tile_vectors() const {
  int best = 1;
  double best_cost = std::numeric_limits<double>::infinity();
  for (int v = 1; v <= tiles.max_vectors; v++) {
    const auto rows = static_cast<double>(block) / static_cast<double>(divide_up(block, tiles.max_rows[v]));
    const double cost = (std::max({v * rows / 2, (v + rows) / 2, 4.0}) + 0.5) / (rows * v);
    if (cost >= best_cost) continue;
    best_cost = cost;
    best = v;
  }
  return best;
}

void Plan::plan_panels() {
  const int widest = block == 1 ? cell.max_row_vectors : tile_vectors();
  int64_t offset = 0;
  for (int64_t slice = 0; slice < slices; slice++) {
    panels.emplace_back();
    for (const Phase& phase : phases) {
      std::vector<Panel> made;
      // The columns of all gates are neighbours where a slice is everything.
      const int64_t runs = slices == 1 ? 1 : phase.gates;
      const int64_t run_gates = phase.gates / runs;
      for (int64_t run = 0; run < runs; run++) {
        const int64_t gate = phase.first_gate + run * run_gates;
        int64_t column = gate * section + slice_begin(slice);
        const int64_t end =
            slices == 1 ? column + run_gates * section : gate * section + slice_begin(slice + 1);
        while (column < end) {
          auto vectors = static_cast<int>(std::min<int64_t>(widest, (end - column) / cell.lanes));
          while (block == 1 && (vectors & (vectors - 1)) != 0) vectors &= vectors - 1;  // a power of two
          made.push_back({column, vectors, packs ? offset : column});
          offset += units * vectors * cell.lanes;
          column += int64_t{vectors} * cell.lanes;
        }
      }
      panels.back().push_back(std::move(made));
    }
  }
}

std::string read_site(const KernelSite& site, Plan& plan) {
  std::vector<TensorType> in(site.in.begin(), site.in.end());
  int next = 2;
  const auto optional = [&](const char* flag, int count) {
    if (!site.attrs.flag(flag)) return -1;
    next += count;
    return next - count;
  };
  plan.bias = optional("has_bias", 1);
  plan.state = optional("has_state", static_cast<int>(plan.states));
  plan.mask = optional("has_mask", 1);
  if (plan.mask >= 0) in.erase(in.begin() + plan.mask);
  if (std::string why = refuse_other_than_float32({in, site.out, site.attrs, {}, site.threads}); !why.empty())
    return why;
  plan.batch = site.in[0].shape[0];
  plan.time = site.in[0].shape[1];
  plan.units = site.in[1].shape[0];
  plan.go_backwards = site.attrs.flag("go_backwards");
  plan.zero_output = site.attrs.flag("zero_output");
  plan.return_sequences = site.attrs.flag("return_sequences");
  const auto function = [&](const char* key, GateFunction& to) -> std::string {
    const std::string name = site.attrs.text(key, "sigmoid");
    const auto found = GateFunction::named(name);
    if (found) to = *found;
    return found ? "" : fmt::format("{} is '{}', which is not known", key, name);
  };
  std::string why = function("activation", plan.activation);
  return why.empty() ? function("recurrent_activation", plan.recurrent_activation) : why;
}

}  // namespace

PreparedKernel prepare_recurrent(const KernelSite& site, Cell cell) {
  const auto plan = std::make_shared<Plan>();
  const CellKernels& kernels = plan->cell;
  if (cell == Cell::simple_rnn) {
    plan->gates = 1;
    plan->phases = {{0, 1, false, kernels.simple_rnn}};
  } else if (cell == Cell::lstm) {
    plan->gates = 4;
    plan->states = 2;
    plan->phases = {{0, 4, false, kernels.lstm}};
  } else if (site.attrs.flag("reset_after")) {
    plan->gates = 3;
    plan->phases = {{0, 3, false, kernels.gru_after}};
  } else {
    plan->gates = 3;
    plan->phases = {{0, 2, false, kernels.gru_gates}, {2, 1, true, kernels.gru_candidate}};
  }
  plan->sections = plan->gates + (cell == Cell::gru && plan->phases.size() == 1 ? 1 : 0);
  if (std::string why = read_site(site, *plan); !why.empty()) return refuse(why);
  plan->plan_work(site.threads);
  plan->plan_panels();
  return {[plan = std::shared_ptr<const Plan>(plan)](const KernelCall& call) { Walk(*plan, call).run(); },
          Layout(*plan).floats * kFloatBytes,
          {}};
}

}  // namespace cornu::kernels
