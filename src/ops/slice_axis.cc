// slice_axis: `size` elements from `begin` on along one axis.
// Input   x  any type     Attrs  axis; begin >= 0; size >= 0, or -1: to the end
// Errors  bad_shape if the slice reaches past the axis
#include "ops/move.h"

namespace cornu::ops {
namespace {

void infer(ir::InferContext& c) {
  const Shape& x = c.in[0].shape;
  const int axis = normalize_axis(c.attrs.integer("axis"), x.rank());
  const int64_t begin = c.attrs.integer("begin");
  const int64_t size = c.attrs.integer("size");
  const int64_t whole = x[axis];
  if (begin < 0 || size < -1) {
    fail(ErrorCode::bad_shape, "",
         "a slice begins at {} with size {}, neither may be negative (size -1: to the end)", begin, size);
  }
  if (whole != Shape::kUnknown && (begin > whole || size > whole - begin)) {
    fail(ErrorCode::bad_shape, "", "a slice of {} from {} on reaches past axis {} of {}", size, begin, axis,
         x.to_string());
  }
  const int64_t rest = whole == Shape::kUnknown ? Shape::kUnknown : whole - begin;
  c.result(c.in[0].dtype, x.with(axis, size >= 0 ? size : rest));
}

PreparedKernel reference(const KernelSite& site) {
  if (is_empty(site)) return do_nothing();
  const Shape& x = site.in[0].shape;
  const Shape& out = site.out[0].shape;
  const int sliced = normalize_axis(site.attrs.integer("axis"), x.rank());
  const Strides strides = strides_of(x);
  std::vector<AxisSource> sources;
  for (int axis = 0; axis < x.rank(); ++axis) {
    const int64_t stride = strides[static_cast<size_t>(axis)];
    sources.push_back(evenly(out[axis], axis == sliced ? site.attrs.integer("begin") * stride : 0, stride));
  }
  return move_elements(site, std::move(sources));
}

}  // namespace

CORNU_OP(slice_axis) = {.name = "slice_axis", .infer = infer, .reference = reference};

}  // namespace cornu::ops
