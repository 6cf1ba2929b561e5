// selu: y = 1.0507... * (x if x > 0, else 1.6732... * (exp(x) - 1)).
#include "ops/op.h"

namespace cornu::ops {

CORNU_OP(selu) = {.name = "selu",
                  .infer = infer_float_unary,
                  .reference = map_activation<Activation::selu>,
                  .elementwise = true};

}  // namespace cornu::ops
