// Activations as TensorFlow nodes, for ops of their own and inside recurrent steps.
#pragma once

#include "export/tensorflow/lowering.h"

namespace cornu::exporting {

// y = the activation `name` (a unary op of docs/design/ops.md, "linear", or
// "hard_sigmoid_2") of x. Throws unsupported, through `call`, for one that TensorFlow has no ops for.
Ref activation(TfCall& call, TfFunction& function, std::string_view name, const Ref& x, DType type,
               const Attrs& attrs);

}  // namespace cornu::exporting
