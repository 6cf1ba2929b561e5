#include "runtime/program.h"

#include <algorithm>
#include <cstring>
#include <mutex>

#include "base/fork_mutex.h"
#include "runtime/prefault.h"

namespace cornu::runtime {
namespace {

constexpr size_t kMaxPlans = 16;  // distinct input shapes kept per model; a plan is some kilobytes
constexpr int kMostUnused = 64;   // special graphs made in a row for types that did not come again

bool same_types(std::span<const TensorType> a, std::span<const TensorType> b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end());
}

}  // namespace

Program::Program(ir::Graph graph, const devices::DeviceDef& device, bool fast_kernels,
                 std::shared_ptr<dynamic::State> state, const RunLimits& limits, Specialise specialise)
    : general_(std::make_shared<PreparedGraph>(std::move(graph))),
      device_(device),
      fast_kernels_(fast_kernels),
      state_(state ? std::move(state) : std::make_shared<dynamic::State>()),
      limits_(limits),
      specialise_(std::move(specialise)),
      dynamic_(is_dynamic(general_->graph())) {}

std::shared_ptr<PreparedGraph> Program::prepared(std::span<const TensorType> inputs) const {
  if (!dynamic_ || !specialise_) return general_;
  {
    const std::lock_guard lock(fork_mutex());
    for (auto known = special_.begin(); known != special_.end(); ++known) {
      if (!same_types(known->inputs, inputs)) continue;
      special_.splice(special_.begin(), special_, known);
      unused_specials_ = 0;
      return known->graph;
    }
    if (unused_specials_ >= kMostUnused) return general_;
  }
  std::shared_ptr<PreparedGraph> made = general_;
  try {
    made = std::make_shared<PreparedGraph>(specialise_(inputs));
  } catch (const Error&) {
    // The general graph tells what is wrong, if it is.
  }
  const std::lock_guard lock(fork_mutex());
  ++unused_specials_;
  special_.push_front({{inputs.begin(), inputs.end()}, made});
  if (special_.size() > kMaxPlans) special_.pop_back();
  return made;
}

std::shared_ptr<const Plan> Program::plan(std::span<const TensorType> inputs, int threads) const {
  {
    const std::lock_guard lock(fork_mutex());
    for (auto cached = cache_.begin(); cached != cache_.end(); ++cached) {
      if (cached->threads == threads && same_types(cached->plan->inputs, inputs)) {
        cache_.splice(cache_.begin(), cache_, cached);
        return cached->plan;
      }
    }
  }
  struct Held {
    std::shared_ptr<PreparedGraph> graph;
    std::shared_ptr<const Plan> plan;
  };
  const auto held = std::make_shared<Held>(Held{prepared(inputs), nullptr});
  const ir::Graph& graph = held->graph->graph();
  if (is_dynamic(graph)) return nullptr;
  try {
    held->plan = make_plan(graph, inputs, device_, threads, fast_kernels_);
  } catch (const Error& error) {
    if (specialise_ == nullptr || error.code() != ErrorCode::unsupported) throw;
    return nullptr;  // a size depends on data
  }
  const std::shared_ptr<const Plan> made(held, held->plan.get());
  if (!prefaulted_.exchange(true)) prefault_weights(graph, *made);
  const std::lock_guard lock(fork_mutex());
  cache_.push_front({threads, made});
  if (cache_.size() > kMaxPlans) cache_.pop_back();
  return made;
}

Session::Session(std::shared_ptr<const Program> program, int threads)
    : program_(std::move(program)), pool_(threads) {}

std::shared_ptr<const Plan> Session::plan_for(std::span<const Tensor> inputs) {
  std::vector<TensorType> types;
  for (const Tensor& input : inputs) types.push_back({input.dtype, input.shape});
  if ((!last_plan_ && !last_prepared_) || !same_types(last_types_, types)) {
    last_plan_ = program_->plan(types, pool_.threads());
    last_prepared_ = last_plan_ ? nullptr : program_->prepared(types);
    last_types_ = std::move(types);
    binding_.plan = nullptr;  // another plan may come to lie where the old one was
  }
  return last_plan_;
}

std::vector<Tensor> Session::run(std::span<const Tensor> inputs) {
  const auto plan = plan_for(inputs);
  if (plan == nullptr) {
    if (!dynamic_run_) dynamic_run_.emplace(program_->dynamic_run(pool_));
    return dynamic_run_->run(*last_prepared_, {inputs.begin(), inputs.end()});
  }
  std::vector<Tensor> results;
  std::vector<std::byte*> out;
  std::vector<const std::byte*> in;
  for (const TensorType& type : plan->outputs) {
    NewTensor made = new_tensor(type.dtype, type.shape);
    out.push_back(made.data);
    results.push_back(std::move(made.tensor));
  }
  for (const Tensor& input : inputs) in.push_back(input.data);
  run_into(*plan, in, out);
  return results;
}

void Session::bind(const Plan& plan) {
  if (!arena_ || static_cast<int64_t>(arena_->bytes().size()) < plan.arena_bytes) {
    arena_.reset();
    arena_ = std::make_shared<HeapStorage>(static_cast<size_t>(std::max<int64_t>(plan.arena_bytes, 1)));
  }
  binding_ = {&plan, {}, {}};
  const auto add = [&](const Place& place) {
    const bool is_output = place.kind == Place::Kind::output;
    if (is_output || place.kind == Place::Kind::input)
      binding_.patches.push_back({binding_.addresses.size(), is_output, static_cast<size_t>(place.index)});
    binding_.addresses.push_back(place.kind == Place::Kind::arena      ? arena_->data() + place.index
                                 : place.kind == Place::Kind::constant ? const_cast<std::byte*>(place.data)
                                                                       : nullptr);
  };
  for (const Step& step : plan.steps) {
    for (const Place& place : step.in) add(place);
    for (const Place& place : step.out) add(place);
  }
}

void Session::run_into(const Plan& plan, std::span<const std::byte* const> inputs,
                       std::span<std::byte* const> outputs) {
  if (binding_.plan != &plan) bind(plan);
  for (const Binding::Patch& patch : binding_.patches) {
    binding_.addresses[patch.slot] =
        patch.is_output ? outputs[patch.index] : const_cast<std::byte*>(inputs[patch.index]);
  }
  std::byte* const arena = arena_->data();
  std::byte* const* next = binding_.addresses.data();
  for (const Step& step : plan.steps) {
    std::byte* const* const in = next;
    std::byte* const* const out = in + step.in.size();
    step.run({in, out, arena + step.scratch_offset, pool_});
    next = out + step.out.size();
  }
  for (const Plan::Copy& copy : plan.copies) {
    const std::byte* from = address_of(copy.from, inputs, outputs, arena);
    if (copy.size_bytes > 0)
      std::memcpy(outputs[static_cast<size_t>(copy.output)], from, static_cast<size_t>(copy.size_bytes));
  }
}

}  // namespace cornu::runtime
