// expand_dims: new axes of size 1.
// Input   x  any type     Attrs  axes  where they are in y, each once, negative ones counted from y's end
// Errors  bad_shape if an axis is outside y or named twice
// Source  numpy.expand_dims
#include "ops/op.h"

namespace cornu::ops {
namespace {

void infer(ir::InferContext& c) {
  const Shape& x = c.in[0].shape;
  const Ints& axes = c.attrs.ints("axes");
  const int rank = static_cast<int>(std::min<size_t>(axes.size(), Shape::kMaxRank)) + x.rank();
  std::vector<bool> is_new(static_cast<size_t>(rank), false);
  for (int64_t axis : axes) {
    const auto i = static_cast<size_t>(normalize_axis(axis, rank));
    if (is_new[i]) fail(ErrorCode::bad_shape, "", "axis {} is added twice", axis);
    is_new[i] = true;
  }
  Shape out;
  int next = 0;
  for (int axis = 0; axis < rank; ++axis) out.push_back(is_new[static_cast<size_t>(axis)] ? 1 : x[next++]);
  c.result(c.in[0].dtype, out);
}

}  // namespace

CORNU_OP(expand_dims) = {.name = "expand_dims", .infer = infer, .reference = copy_first_input, .alias = true};

}  // namespace cornu::ops
