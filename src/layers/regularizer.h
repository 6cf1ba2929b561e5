// Regularizers and constraints of Keras as parts of a graph.
#pragma once

#include "ir/builder.h"
#include "layers/config.h"

namespace cornu::layers {

// What a serialized regularizer adds to the loss for x: a scalar. Throws unsupported for a class of the caller's own.
ir::Value penalty_of(ir::GraphBuilder& g, const Json& regularizer, ir::Value x);

// x as a serialized constraint allows it. Throws unsupported for a class of the caller's own.
ir::Value constrained(ir::GraphBuilder& g, const Json& constraint, ir::Value x);

}  // namespace cornu::layers
