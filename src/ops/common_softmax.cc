#include "ops/softmax.h"

namespace cornu::ops {

void infer_softmax(ir::InferContext& c) {
  const Shape& x = c.in[0].shape;
  if (x.rank() == 0) fail(ErrorCode::bad_shape, "", "a softmax needs an axis, received a scalar");
  normalize_axis(c.attrs.integer("axis", -1), x.rank());
  infer_float_unary(c);
}

}  // namespace cornu::ops
