// PreparedGraph: a graph that the dynamic executor runs, and what is kept of it from run to run.
//
// The nodes between dynamic ops form islands: graphs of their own, which are planned for the types that they meet and then
// run as a static model does. A dynamic op keeps its place among the others of its kind.
#pragma once

#include <list>
#include <map>
#include <memory>
#include <vector>

#include "dynamic/dynamic_op.h"
#include "runtime/plan.h"

namespace cornu::runtime {

// Whether a graph needs a DynamicRun.
bool is_dynamic(const ir::Graph& graph);

// Thread safe.
class PreparedGraph {
 public:
  struct Island {
    ir::Graph graph;
    std::vector<ir::Value> in, out;  // of the whole graph, in the order of the island's inputs and outputs
    std::vector<ir::Value> results;  // `out` in the island
    // Guarded by fork_mutex():
    std::list<std::pair<int, std::shared_ptr<const Plan>>> plans;  // by threads; most recent first
    int unused_plans = 0;                                          // how many were made and not met again
  };
  struct Item {
    int32_t node = -1;  // or
    Island* island = nullptr;
  };

  explicit PreparedGraph(ir::Graph graph);
  PreparedGraph(const PreparedGraph&) = delete;
  PreparedGraph& operator=(const PreparedGraph&) = delete;

  const ir::Graph& graph() const { return graph_; }
  const std::vector<Item>& items() const { return items_; }   // in execution order
  const std::vector<int32_t>& uses() const { return uses_; }  // per value: by items and outputs
  // The plan of an island; null if it has to run node by node: its sizes depend on data, or change each time.
  std::shared_ptr<const Plan> plan(Island& island, std::span<const TensorType> types,
                                   const devices::DeviceDef& device, int threads, bool fast_kernels);
  // The body that a variant scalar holds, prepared.
  PreparedGraph& body(const Tensor& tensor);

 private:
  void divide();
  void add_island(const std::vector<int32_t>& nodes);

  const ir::Graph graph_;
  std::list<Island> islands_;
  std::vector<Item> items_;
  std::vector<int32_t> uses_;
  // Guarded by fork_mutex(). The object is held, so that no other one comes to lie at its address.
  std::map<const VariantObject*, std::pair<VariantPtr, std::unique_ptr<PreparedGraph>>> bodies_;
};

}  // namespace cornu::runtime
