// DynamicRun: runs a graph on concrete tensors.
//
// For graphs that no plan can hold: sizes that depend on data, strings, loops, branches, variables. What lies between such
// nodes runs by plans (prepared.h). Tensors are on the heap and counted; a value is let go at its last use, so that an op may
// change a list in place. A node whose input is dead (the branch that is not taken) does not run, and its results are dead.
#pragma once

#include <chrono>
#include <vector>

#include "base/thread_pool.h"
#include "devices/device.h"
#include "dynamic/dynamic_op.h"
#include "runtime/prepared.h"

namespace cornu::runtime {

// What one run may take; beyond it throws unsupported.
struct RunLimits {
  int64_t iterations = int64_t{1} << 31;  // of one loop
  double seconds = 0;                     // of the whole run; 0: any
  int depth = 64;                         // bodies within bodies: a recursive function has no end otherwise
};

// One thread at a time. Borrows everything it is given.
class DynamicRun final : public dynamic::Host {
 public:
  DynamicRun(const devices::DeviceDef& device, bool fast_kernels, ThreadPool& pool, dynamic::State& state,
             const RunLimits& limits);

  // The outputs of a graph, within the limits. Throws bad_shape (sizes that do not fit), unsupported, out_of_memory.
  std::vector<Tensor> run(PreparedGraph& graph, std::vector<Tensor> inputs);
  std::vector<Tensor> run_body(const Tensor& body, std::vector<Tensor> inputs) override;
  std::vector<Tensor> run_op(const ir::Node& node, std::vector<Tensor> inputs) override;
  dynamic::State& state() override { return state_; }
  void check_limits(int64_t iteration) override;

 private:
  std::vector<Tensor> run_items(PreparedGraph& graph, std::vector<Tensor> inputs);
  std::vector<Tensor> run_island(PreparedGraph& graph, PreparedGraph::Island& island,
                                 std::vector<Tensor> inputs);
  std::vector<Tensor> run_kernel(const ir::Node& node, std::span<const Tensor> inputs);
  std::vector<Tensor> move_objects(const ir::Node& node, std::span<const Tensor> inputs);

  const devices::DeviceDef& device_;
  const bool fast_;
  ThreadPool& pool_;
  dynamic::State& state_;
  const RunLimits limits_;
  std::chrono::steady_clock::time_point started_;
  int depth_ = 0;
  PreparedGraph* root_ = nullptr;       // of the run
  std::shared_ptr<HeapStorage> arena_;  // of the island that runs
};

}  // namespace cornu::runtime
