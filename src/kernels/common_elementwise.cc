#include <algorithm>
#include <array>
#include <cstring>
#include <memory>

#include "base/thread_pool.h"
#include "kernels/broadcast.h"
#include "kernels/elementwise.h"
#include "kernels/site.h"

namespace cornu::kernels {
namespace {

constexpr int64_t kBytes = sizeof(float);
constexpr int64_t kTile =
    1024;  // floats that go through all steps together: 4 kB for each value between steps
constexpr int64_t kChunk = 16 * 1024;  // floats of a job at least
constexpr int64_t kShortRun = 256;     // rows of fewer floats are taken several at a time

using Offsets = std::array<int64_t, kMaxBroadcastInputs>;

// How an input is read along a row of y.
enum class Reading { along, repeated, periodic };

struct Plan {
  std::vector<ElementwiseStep> steps;
  std::vector<int> registers;  // of each step's result; the last one's is y
  int register_count = 0;
  int inputs = 0;
  std::vector<BroadcastAxis> outer;  // axes around the rows
  std::array<Reading, kMaxBroadcastInputs> readings{};
  int64_t row = 1;       // floats
  int64_t period = 1;    // of periodic inputs; the row is a multiple
  int64_t tile = kTile;  // a multiple of the period
  int64_t rows = 1, rows_per_job = 1, pieces = 1;
  int periodic_count = 0;

  int64_t thread_floats() const { return (register_count + periodic_count) * kTile; }
  void choose_row(std::vector<BroadcastAxis> axes);
  void choose_registers();
  void plan_jobs();
  void run(const KernelCall& call) const;
  Offsets offsets_of(int64_t row_index) const;
  void run_row(const KernelCall& call, int64_t row_index, int64_t begin, int64_t end, float* scratch) const;
  void run_tile(const std::byte* const* in, float* scratch, float* y, int64_t count) const;
};

// Rows are the last axis; or the last two where the last is short and every input walks both, repeats or starts again.
void Plan::choose_row(std::vector<BroadcastAxis> axes) {
  const auto reading = [](int64_t stride) { return stride == 0 ? Reading::repeated : Reading::along; };
  const BroadcastAxis last = axes.back();
  axes.pop_back();
  row = last.size;
  for (size_t i = 0; i < static_cast<size_t>(inputs); i++) readings[i] = reading(last.strides[i]);
  bool joins = last.size < kShortRun && !axes.empty();
  for (size_t i = 0; joins && i < static_cast<size_t>(inputs); i++)
    joins = last.strides[i] != 0 || axes.back().strides[i] == 0;
  if (joins) {
    const BroadcastAxis& rows_axis = axes.back();
    for (size_t i = 0; i < static_cast<size_t>(inputs); i++) {
      if (last.strides[i] == 0 || rows_axis.strides[i] != 0) continue;
      readings[i] = Reading::periodic;
      periodic_count++;
    }
    period = row;
    row *= rows_axis.size;
    tile = kTile / period * period;
    axes.pop_back();
  }
  outer = std::move(axes);
}

// Results share registers once nothing reads them any more.
void Plan::choose_registers() {
  std::vector<size_t> last_use(steps.size(), 0);
  for (size_t i = 0; i < steps.size(); i++) {
    for (int k = 0; k < steps[i].operand_count(); k++) {
      if (steps[i].operands[k] < 0) last_use[static_cast<size_t>(~steps[i].operands[k])] = i;
    }
  }
  std::vector<int> free;
  for (size_t i = 0; i + 1 < steps.size(); i++) {
    for (size_t other = 0; other < i; other++) {
      if (last_use[other] == i) free.push_back(registers[other]);
    }
    if (free.empty()) free.push_back(register_count++);
    registers.push_back(free.back());
    free.pop_back();
  }
  if (register_count == 0) register_count = 1;  // for a repeated input of a function
}

void Plan::plan_jobs() {
  for (const BroadcastAxis& axis : outer) rows *= axis.size;
  pieces = std::max<int64_t>(1, row / std::max(kChunk, tile));
  rows_per_job = std::max<int64_t>(1, kChunk / row);
}

Offsets Plan::offsets_of(int64_t row_index) const {
  Offsets offsets{};
  for (size_t axis = outer.size(); axis-- > 0;) {
    const int64_t at = row_index % outer[axis].size;
    row_index /= outer[axis].size;
    for (size_t i = 0; i < static_cast<size_t>(inputs); i++) offsets[i] += at * outer[axis].strides[i];
  }
  return offsets;
}

void Plan::run_tile(const std::byte* const* in, float* scratch, float* y, int64_t count) const {
  const auto result = [&](size_t step) {
    return step + 1 == steps.size() ? y : scratch + registers[step] * kTile;
  };
  for (size_t i = 0; i < steps.size(); i++) {
    const ElementwiseStep& step = steps[i];
    const std::byte* operands[2] = {};
    bool repeats[2] = {};
    for (int k = 0; k < step.operand_count(); k++) {
      const int operand = step.operands[k];
      operands[k] = operand >= 0 ? in[operand]
                                 : reinterpret_cast<const std::byte*>(result(static_cast<size_t>(~operand)));
      repeats[k] = operand >= 0 && readings[static_cast<size_t>(operand)] == Reading::repeated;
    }
    float* const to = result(i);
    if (step.kind == ElementwiseStep::Kind::binary) {
      combine(step.binary, operands[0], repeats[0], operands[1], repeats[1], to, count);
      continue;
    }
    if (repeats[0]) {
      std::fill_n(to, count, load_at<float>(operands[0], 0));
      operands[0] = reinterpret_cast<const std::byte*>(to);
    }
    if (step.kind == ElementwiseStep::Kind::function) {
      apply_function(step.function, operands[0], to, count);
    } else {
      activate(step.activation, step.a, step.b, operands[0], to, count);
    }
  }
}

void Plan::run_row(const KernelCall& call, int64_t row_index, int64_t begin, int64_t end,
                   float* scratch) const {
  const Offsets offsets = offsets_of(row_index);
  std::array<const std::byte*, kMaxBroadcastInputs> base{};
  float* expanded = scratch + register_count * kTile;
  for (size_t i = 0; i < static_cast<size_t>(inputs); i++) {
    base[i] = call.in[i] + offsets[i] * kBytes;
    if (readings[i] != Reading::periodic) continue;
    for (int64_t at = 0; at < std::min(tile, end - begin); at += period)
      std::memcpy(expanded + at, base[i], static_cast<size_t>(period * kBytes));
    base[i] = reinterpret_cast<const std::byte*>(expanded);
    expanded += kTile;
  }
  float* const y = reinterpret_cast<float*>(call.out[0]) + row_index * row;
  for (int64_t at = begin; at < end; at += tile) {
    std::array<const std::byte*, kMaxBroadcastInputs> in = base;
    for (size_t i = 0; i < static_cast<size_t>(inputs); i++) {
      if (readings[i] == Reading::along) in[i] += at * kBytes;
    }
    run_tile(in.data(), scratch, y + at, std::min(tile, end - at));
  }
}

void Plan::run(const KernelCall& call) const {
  const int64_t groups = (rows + rows_per_job - 1) / rows_per_job;
  const int64_t units = row / period;
  call.pool.run(groups * pieces, [&](int64_t job, int thread) {
    float* const scratch = reinterpret_cast<float*>(call.scratch) + thread * thread_floats();
    const int64_t first = job / pieces * rows_per_job;
    const int64_t begin = units * (job % pieces) / pieces * period;
    const int64_t end = units * (job % pieces + 1) / pieces * period;
    for (int64_t i = first; i < std::min(first + rows_per_job, rows); i++)
      run_row(call, i, begin, end, scratch);
  });
}

std::optional<Binary> binary_named(std::string_view op) {
  constexpr std::pair<std::string_view, Binary> kBinaries[] = {
      {"add", Binary::add},
      {"sub", Binary::sub},
      {"mul", Binary::mul},
      {"div", Binary::div},
      {"maximum", Binary::maximum},
      {"minimum", Binary::minimum},
      {"squared_difference", Binary::squared_difference}};
  for (const auto& [name, binary] : kBinaries) {
    if (name == op) return binary;
  }
  return std::nullopt;
}

}  // namespace

std::optional<ElementwiseStep> ElementwiseStep::of(std::string_view op, const Attrs& attrs) {
  ElementwiseStep step;
  if (const auto binary = binary_named(op)) {
    step.binary = *binary;
    return step;
  }
  if (const auto function = function_named(op)) {
    step.kind = Kind::function;
    step.function = *function;
    return step;
  }
  if (!activation_named(op) || op.empty()) return std::nullopt;
  // Parameters are read where epilogues read them.
  Attrs prefixed = {{"activation", std::string(op)}};
  for (const auto& [name, value] : attrs.items()) prefixed.set("activation_" + name, value);
  const Epilogue epilogue = Epilogue::parse(prefixed, 1);
  step.kind = Kind::activation;
  step.activation = epilogue.activation;
  step.a = epilogue.a;
  step.b = epilogue.b;
  return step;
}

PreparedKernel prepare_elementwise(const KernelSite& site, std::vector<ElementwiseStep> steps) {
  if (std::string why = refuse_other_than_float32(site); !why.empty()) return refuse(why);
  const Shape& y = site.out[0].shape;
  if (std::string why = refuse_broadcast(site.in, y); !why.empty()) return refuse(why);
  const auto plan = std::make_shared<Plan>();
  plan->steps = std::move(steps);
  plan->inputs = static_cast<int>(site.in.size());
  plan->choose_row(merged_axes(site.in, y));
  plan->choose_registers();
  plan->plan_jobs();
  return {[shared = std::shared_ptr<const Plan>(plan)](const KernelCall& call) { shared->run(call); },
          site.threads * plan->thread_floats() * kBytes,
          {}};
}

PreparedKernel prepare_binary(const KernelSite& site, Binary op) {
  ElementwiseStep step;
  step.binary = op;
  step.operands[1] = 1;
  return prepare_elementwise(site, {step});
}

}  // namespace cornu::kernels
