// tanh: y = tanh(x).
#include "ops/op.h"

namespace cornu::ops {

CORNU_OP(tanh) = {.name = "tanh",
                  .infer = infer_float_unary,
                  .reference = map_activation<Activation::tanh>,
                  .elementwise = true};

}  // namespace cornu::ops
