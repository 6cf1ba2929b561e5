// reverse: the elements along some axes in opposite order.
// Input   x  any type     Attrs  axes     Errors  bad_shape if there is no such axis     Source  numpy.flip
#include "ops/move.h"

namespace cornu::ops {
namespace {

void infer(ir::InferContext& c) {
  for (int64_t axis : c.attrs.ints("axes")) normalize_axis(axis, c.in[0].shape.rank());
  infer_unary(c);
}

PreparedKernel reference(const KernelSite& site) {
  if (is_empty(site)) return do_nothing();
  const Shape& x = site.in[0].shape;
  const Strides strides = strides_of(x);
  std::vector<AxisSource> sources;
  for (int axis = 0; axis < x.rank(); ++axis)
    sources.push_back(evenly(x[axis], 0, strides[static_cast<size_t>(axis)]));
  std::vector<bool> is_reversed(sources.size(), false);
  for (int64_t axis : site.attrs.ints("axes"))
    is_reversed[static_cast<size_t>(normalize_axis(axis, x.rank()))] = true;
  for (size_t axis = 0; axis < sources.size(); ++axis) {
    if (is_reversed[axis]) std::reverse(sources[axis].begin(), sources[axis].end());
  }
  return move_elements(site, std::move(sources));
}

}  // namespace

CORNU_OP(reverse) = {.name = "reverse", .infer = infer, .reference = reference};

}  // namespace cornu::ops
