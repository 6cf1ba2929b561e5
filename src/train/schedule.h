// The order of a step's nodes that lets new variables be written over old ones.
#pragma once

#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "ir/graph.h"

namespace cornu::train {

// The layer that nodes of optimizers are given.
constexpr std::string_view kOptimizerLayer = "optimizer";

struct InPlace {
  ir::Value before;  // an input of the graph
  ir::Value after;   // an output, which will be written to the same memory
};

// Orders the nodes so that whatever reads `before` runs ahead of what makes `after`, and nodes of the optimizer run as soon as
// they can: gradients are then short-lived. Returns which pairs cannot share memory: something needs both values, or the node
// that makes the new one reads the old one in another order than it writes.
std::vector<bool> order_updates(ir::Graph& graph, std::span<const InPlace> pairs);

}  // namespace cornu::train
