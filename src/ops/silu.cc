// silu: y = x * sigmoid(x).
#include "ops/op.h"

namespace cornu::ops {

CORNU_OP(silu) = {.name = "silu",
                  .infer = infer_float_unary,
                  .reference = map_activation<Activation::silu>,
                  .elementwise = true};

}  // namespace cornu::ops
