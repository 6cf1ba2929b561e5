// broadcast_to: x stretched to a shape by NumPy's broadcasting.
// Input   x  any type     Attrs  shape  sizes of y; -1 and 0 keep the size of x's axis
// Errors  bad_shape if an axis of x is neither 1 nor of the size wanted, or y has fewer axes than x
#include "ops/move.h"

namespace cornu::ops {
namespace {

void infer(ir::InferContext& c) {
  const Shape& x = c.in[0].shape;
  Shape out(c.attrs.ints("shape"));
  const int added = out.rank() - x.rank();
  for (int axis = 0; axis < out.rank(); ++axis) {
    const bool is_kept = out[axis] == -1 || out[axis] == 0;
    if (added < 0 || out[axis] < -1 || (is_kept && axis < added)) {
      fail(ErrorCode::bad_shape, "", "{} cannot be broadcast to [{}]: a size is missing or negative",
           x.to_string(), fmt::join(out, ", "));
    }
    if (axis < added) continue;
    const int64_t size = x[axis - added];
    if (is_kept) {
      out[axis] = size;
    } else if (size != 1 && size != out[axis] && size != Shape::kUnknown) {
      fail(ErrorCode::bad_shape, "", "{} cannot be broadcast to [{}]: axis {} is {}, not 1", x.to_string(),
           fmt::join(out, ", "), axis - added, size);
    }
  }
  if (added < 0)
    fail(ErrorCode::bad_shape, "", "{} has more axes than the shape it should be broadcast to",
         x.to_string());
  out.elements();  // throws if that overflows
  c.result(c.in[0].dtype, out);
}

PreparedKernel reference(const KernelSite& site) {
  if (is_empty(site)) return do_nothing();
  const Shape& out = site.out[0].shape;
  const Strides strides = broadcast_strides(site.in[0].shape, out);
  std::vector<AxisSource> sources;
  for (int axis = 0; axis < out.rank(); ++axis)
    sources.push_back(evenly(out[axis], 0, strides[static_cast<size_t>(axis)]));
  return move_elements(site, std::move(sources));
}

}  // namespace

CORNU_OP(broadcast_to) = {.name = "broadcast_to", .infer = infer, .reference = reference};

}  // namespace cornu::ops
