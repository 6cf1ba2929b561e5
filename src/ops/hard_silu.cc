// hard_silu: y = x * clip(x + 3, 0, 6) / 6.
#include "ops/op.h"

namespace cornu::ops {

CORNU_OP(hard_silu) = {.name = "hard_silu",
                       .infer = infer_float_unary,
                       .reference = map_activation<Activation::hard_silu>,
                       .elementwise = true};

}  // namespace cornu::ops
