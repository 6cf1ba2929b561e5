// Computes one op on known tensors with its reference kernel: constant folding, and shapes while a plan is
// made.
#pragma once

#include <span>
#include <vector>

#include "ir/graph.h"

namespace cornu::ops {

// The outputs of node's op on `inputs`. float16 and bfloat16 are computed in float32 and rounded. An alias op
// returns a view. Throws bad_shape (from the shape rule).
std::vector<Tensor> evaluate(const ir::Node& node, std::span<const Tensor> inputs);

}  // namespace cornu::ops
