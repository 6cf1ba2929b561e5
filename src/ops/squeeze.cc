// squeeze: x without some axes of size 1.
// Input   x  any type     Attrs  axes  of x
// Errors  bad_shape if an axis is not of size 1
// Source  numpy.squeeze
#include "ops/op.h"

namespace cornu::ops {
namespace {

void infer(ir::InferContext& c) {
  const Shape& x = c.in[0].shape;
  std::vector<bool> is_dropped(static_cast<size_t>(x.rank()), false);
  for (int64_t given : c.attrs.ints("axes")) {
    const int axis = normalize_axis(given, x.rank());
    if (x[axis] != 1 && x[axis] != Shape::kUnknown) {
      fail(ErrorCode::bad_shape, "", "axis {} of {} cannot be dropped, its size is not 1", given,
           x.to_string());
    }
    is_dropped[static_cast<size_t>(axis)] = true;
  }
  Shape out;
  for (int axis = 0; axis < x.rank(); ++axis) {
    if (!is_dropped[static_cast<size_t>(axis)]) out.push_back(x[axis]);
  }
  c.result(c.in[0].dtype, out);
}

}  // namespace

CORNU_OP(squeeze) = {.name = "squeeze", .infer = infer, .reference = copy_first_input, .alias = true};

}  // namespace cornu::ops
