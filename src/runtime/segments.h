// Segments: parts of a graph that a large batch runs through in micro-batches, a few rows at a time, so that the
// values between their nodes stay in cache. Threads take micro-batches instead of sharing each node's work.
#pragma once

#include <cstdint>
#include <vector>

#include "ir/graph.h"

namespace cornu::runtime {

// Nodes [begin, end) of a graph. Each of their values has the batch's rows along axis 0, and row i of every value
// depends on row i of the others only.
struct Segment {
  size_t begin = 0, end = 0;
  int64_t rows = 1;  // of one micro-batch, at most; fewer than the batch
};

// What a planner knows about its graph.
struct PlannedGraph {
  const ir::Graph& graph;
  const std::vector<TensorType>& types;  // per value, concrete
  const std::vector<bool>& fixed;        // per value: a constant, or computed while planning
  const std::vector<bool>& planned;      // per node: computed while planning
};

// In execution order, apart from each other; none if the batch fits into cache as it is, or the inputs do not share
// one batch. `batch`: out, their number of rows.
std::vector<Segment> find_segments(const PlannedGraph& plan, int64_t& batch);

}  // namespace cornu::runtime
