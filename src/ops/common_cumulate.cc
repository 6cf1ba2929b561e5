#include "ops/cumulate.h"

namespace cornu::ops {

void infer_cumulate(ir::InferContext& c) {
  normalize_axis(c.attrs.integer("axis", 0), c.in[0].shape.rank());
  infer_number_unary(c);
}

}  // namespace cornu::ops
