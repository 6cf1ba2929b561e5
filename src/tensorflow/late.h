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

}  // namespace cornu::tensorflow
