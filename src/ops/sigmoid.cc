// sigmoid: y = 1 / (1 + exp(-x)).
#include "ops/op.h"

namespace cornu::ops {

CORNU_OP(sigmoid) = {.name = "sigmoid",
                     .infer = infer_float_unary,
                     .reference = map_activation<Activation::sigmoid>,
                     .elementwise = true};

}  // namespace cornu::ops
