// Program: a compiled model, immutable but for its cache of plans. Session: the memory of one run at a time.
#pragma once

#include <atomic>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/thread_pool.h"
#include "runtime/dynamic.h"
#include "runtime/plan.h"

namespace cornu::runtime {

// The graph of a model for concrete input types, through the passes. Thread safe. May throw: then the general one is taken.
using Specialise = std::function<ir::Graph(std::span<const TensorType> inputs)>;

// Thread safe. The graph must have been through the passes.
class Program {
 public:
  // state: what the graph's variables are kept in, shared with other programs of a model; null: its own.
  // specialise: makes the graph that runs in place of a dynamic one; null: there is none.
  Program(ir::Graph graph, const devices::DeviceDef& device, bool fast_kernels,
          std::shared_ptr<dynamic::State> state = nullptr, const RunLimits& limits = {},
          Specialise specialise = nullptr);

  // Whether the graph needs more than a plan, as far as is known without input types.
  bool dynamic() const { return dynamic_; }

  const ir::Graph& graph() const { return general_->graph(); }
  // The graph that runs for these input types: the general one, or a special one of the 16 most recent.
  std::shared_ptr<PreparedGraph> prepared(std::span<const TensorType> inputs) const;
  // The plan for these input types, from the cache (16 most recent) or made now; keeps its graph alive. Null if no plan can
  // hold it: it runs on a DynamicRun. Throws what make_plan throws.
  std::shared_ptr<const Plan> plan(std::span<const TensorType> inputs, int threads) const;
  DynamicRun dynamic_run(ThreadPool& pool) const {
    return DynamicRun(device_, fast_kernels_, pool, *state_, limits_);
  }

 private:
  struct Cached {
    int threads;
    std::shared_ptr<const Plan> plan;
  };
  struct Special {
    std::vector<TensorType> inputs;
    std::shared_ptr<PreparedGraph> graph;
  };
  std::shared_ptr<PreparedGraph> general_;
  const devices::DeviceDef& device_;
  bool fast_kernels_;
  std::shared_ptr<dynamic::State> state_;
  RunLimits limits_;
  Specialise specialise_;
  bool dynamic_;
  // Most recent first; guarded by fork_mutex().
  mutable std::list<Cached> cache_;
  mutable std::list<Special> special_;
  mutable int unused_specials_ = 0;  // made in a row and not met again
  mutable std::atomic<bool> prefaulted_ = false;
};

// One thread at a time. Keeps the program alive.
class Session {
 public:
  // threads: 1..1024, the caller's included.
  Session(std::shared_ptr<const Program> program, int threads);

  // Runs once. `inputs`: contiguous tensors in graph order, of the declared types. `outputs`: one buffer per
  // output of the plan's sizes, or empty to have them allocated; returns the outputs. Throws bad_shape from
  // planning; nothing afterwards, unless the program is dynamic.
  std::vector<Tensor> run(std::span<const Tensor> inputs);
  // The same for the plan that plan_for() gave last.
  void run_into(const Plan& plan, std::span<const std::byte* const> inputs,
                std::span<std::byte* const> outputs);

  // Null if no plan holds the graph; then only run() works.
  std::shared_ptr<const Plan> plan_for(std::span<const Tensor> inputs);
  int threads() const { return pool_.threads(); }

 private:
  // The addresses of all steps' buffers, resolved once for a plan: inputs, then outputs of each step. Those in the caller's
  // buffers are filled in by each run.
  struct Binding {
    struct Patch {
      size_t slot;
      bool is_output;
      size_t index;
    };
    const Plan* plan = nullptr;
    std::vector<std::byte*> addresses;
    std::vector<Patch> patches;
  };
  void bind(const Plan& plan);

  std::shared_ptr<const Program> program_;
  ThreadPool pool_;
  std::shared_ptr<HeapStorage> arena_;
  std::vector<TensorType> last_types_;
  std::shared_ptr<const Plan> last_plan_;         // for these types, or
  std::shared_ptr<PreparedGraph> last_prepared_;  // what runs for them without a plan
  std::optional<DynamicRun> dynamic_run_;
  Binding binding_;
};

}  // namespace cornu::runtime
