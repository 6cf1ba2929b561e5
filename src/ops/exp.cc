// exp: y = exp(x).
#include "ops/op.h"

namespace cornu::ops {

CORNU_OP(exp) = {.name = "exp",
                 .infer = infer_float_unary,
                 .reference = map_activation<Activation::exp>,
                 .elementwise = true};

}  // namespace cornu::ops
