// Nodes that become ops in the run.
#pragma once

#include "tensorflow/op_def.h"

namespace cornu::tensorflow {

// Adds a node that runs `op` (its lower or compute), or `plain`, when its inputs are concrete. Its outputs are untyped.
std::vector<Value> add_late(OpBuilder& g, const NodeDef& node, const TfOpDef* op, const ir::OpDef* plain,
                            std::vector<Value> in, size_t outputs);

// The same for outputs of which something is known.
std::vector<Value> add_late(OpBuilder& g, const NodeDef& node, const TfOpDef* op, const ir::OpDef* plain,
                            std::vector<Value> in, const std::vector<dynamic::MaybeType>& types);

// The node that a value of a graph will be made by in the run, and what it takes; null and nothing for other values.
const NodeDef* late_node(const ir::Graph& graph, Value value);
std::vector<Value> late_inputs(const ir::Graph& graph, Value value);
// The same node with other inputs.
Value late_again(OpBuilder& g, Value value, std::vector<Value> in);

}  // namespace cornu::tensorflow
