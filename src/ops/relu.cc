// relu: y = max(x, 0).
#include "ops/op.h"

namespace cornu::ops {

CORNU_OP(relu) = {.name = "relu",
                  .infer = infer_float_unary,
                  .reference = map_activation<Activation::relu>,
                  .elementwise = true};

}  // namespace cornu::ops
