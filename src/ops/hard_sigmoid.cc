// hard_sigmoid: y = clip(x + 3, 0, 6) / 6, as in Keras 3.
#include "ops/op.h"

namespace cornu::ops {

CORNU_OP(hard_sigmoid) = {.name = "hard_sigmoid",
                          .infer = infer_float_unary,
                          .reference = map_activation<Activation::hard_sigmoid>,
                          .elementwise = true};

}  // namespace cornu::ops
