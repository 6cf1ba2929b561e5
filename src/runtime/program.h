// Program: a compiled model, immutable but for its cache of plans. Session: the memory of one run at a time.
#pragma once

#include <atomic>
#include <list>
#include <memory>
#include <span>
#include <vector>

#include "base/thread_pool.h"
#include "runtime/dynamic.h"
#include "runtime/plan.h"

namespace cornu::runtime {

// Thread safe. The graph must have been through the passes.
class Program {
 public:
  // state: what the graph's variables are kept in, shared with other programs of a model; null: its own.
  Program(ir::Graph graph, const devices::DeviceDef& device, bool fast_kernels,
          std::shared_ptr<dynamic::State> state = nullptr, const RunLimits& limits = {});

  // Whether runs go node by node on concrete tensors, without a plan (dynamic.h). Then plan() must not be called.
  bool dynamic() const { return dynamic_; }
  // One run without a plan. Throws what its ops throw.
  std::vector<Tensor> run_dynamic(std::vector<Tensor> inputs, ThreadPool& pool) const;

  const ir::Graph& graph() const { return graph_; }
  // The plan for these input types, from the cache (16 most recent) or made now. Throws what make_plan
  // throws.
  std::shared_ptr<const Plan> plan(std::span<const TensorType> inputs, int threads) const;

 private:
  struct Cached {
    int threads;
    std::shared_ptr<const Plan> plan;
  };
  ir::Graph graph_;
  const devices::DeviceDef& device_;
  bool fast_kernels_;
  std::shared_ptr<dynamic::State> state_;
  RunLimits limits_;
  bool dynamic_;
  mutable std::list<Cached> cache_;  // most recent first; guarded by fork_mutex()
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
  std::shared_ptr<const Plan> last_plan_;
  Binding binding_;
};

}  // namespace cornu::runtime
