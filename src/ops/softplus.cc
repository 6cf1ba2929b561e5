// softplus: y = log(1 + exp(x)).
#include "ops/op.h"

namespace cornu::ops {

CORNU_OP(softplus) = {.name = "softplus",
                      .infer = infer_float_unary,
                      .reference = map_activation<Activation::softplus>,
                      .elementwise = true};

}  // namespace cornu::ops
