// What the merging layers (Add, Multiply, Concatenate, ...) share. See common_merging.cc.
#pragma once

#include "layers/layer.h"

namespace cornu::layers {

// The inputs in one dtype and rank: those with fewer axes get axes of size 1 after the batch. Throws
// bad_shape if there are fewer than `least` inputs.
std::vector<Value> aligned_inputs(LayerCall& call, size_t least = 1);
// Combines the inputs from left to right with a two-operand op, and sets the mask: in Keras 3 where any input
// counts, if all have a mask; before, where all inputs with a mask count.
Value merge_inputs(LayerCall& call, std::string_view op);
// Maximum and minimum, which leave masked elements of Keras 3 inputs out.
Value merge_extremum(LayerCall& call, std::string_view op);
// The product, in which masked elements of Keras 3 inputs count as 1.
Value merge_product(LayerCall& call);
Value merge_average(LayerCall& call);
// The inputs behind each other along `axis` (counted from the front), and their masks likewise.
Value merge_concatenate(LayerCall& call, int64_t axis);

}  // namespace cornu::layers
