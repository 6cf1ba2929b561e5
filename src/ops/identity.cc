// identity: y = x, any type.
#include "ops/op.h"

namespace cornu::ops {

CORNU_OP(identity) = {.name = "identity", .infer = infer_unary, .reference = copy_first_input, .alias = true};

}  // namespace cornu::ops
