// Arithmetic on values of different types and ranks, as Keras and NumPy promote them. See
// common_arithmetic.cc.
#pragma once

#include <string_view>
#include <vector>

#include "layers/layer.h"

namespace cornu::layers {

// The type of an operation on two tensors: Keras 3's lattice (bool < integers < floats; float16 with bfloat16
// and uint64 with a signed type give float32). Source: keras/src/backend/common/dtypes.py, 3.15
DType result_type(DType a, DType b);
// The type of floating-point functions of x: its own, or float32 for integers and bool.
DType float_type(DType dtype);
// A two-operand op after promotion.
Value binary(GraphBuilder& g, std::string_view op, Value a, Value b);
// x / |x| along the axes, with |x| at least about 1e-7 (Keras 3) or its square at least 1e-12 (Keras 1 and
// 2).
Value l2_normalize(GraphBuilder& g, Value x, const Ints& axes, const Dialect& dialect);
// x with single-element axes inserted at `axis` until it has `rank` axes.
Value with_rank(GraphBuilder& g, Value x, int rank, int64_t axis);
// A true tensor of one axis, as long as that axis of x is while running.
Value true_along(GraphBuilder& g, Value x, int axis);
// 0, 1, 2, ... as int32, as long as that axis of x is while running.
Value positions_along(GraphBuilder& g, Value x, int axis);
// Batched product of x and y contracted over one axis each (counted from the front, not 0). Two matrices give
// [batch, 1]. Throws bad_config unless both have a batch and the axis. Source:
// keras/src/layers/merging/dot.py, 3.15
Value batch_dot(LayerCall& call, Value x, Value y, int64_t axis_x, int64_t axis_y);

}  // namespace cornu::layers
