// repeat: each element along an axis `repeats` times in a row.
// Input   x  any type     Attrs  axis; repeats >= 0
// Errors  bad_shape: a negative count, a size beyond 64 bits
// Source  numpy.repeat with one count
#include "ops/move.h"

namespace cornu::ops {
namespace {

void infer(ir::InferContext& c) {
  const Shape& x = c.in[0].shape;
  const int axis = normalize_axis(c.attrs.integer("axis"), x.rank());
  const int64_t repeats = c.attrs.integer("repeats");
  if (repeats < 0) fail(ErrorCode::bad_shape, "", "repeats is {}, it must not be negative", repeats);
  const Shape out = x.with(axis, checked_size(x[axis], repeats, "a repeated axis"));
  out.elements();  // throws if that overflows
  c.result(c.in[0].dtype, out);
}

PreparedKernel reference(const KernelSite& site) {
  if (is_empty(site)) return do_nothing();
  const Shape& out = site.out[0].shape;
  const int repeated = normalize_axis(site.attrs.integer("axis"), out.rank());
  const int64_t repeats = site.attrs.integer("repeats");
  const Strides strides = strides_of(site.in[0].shape);
  std::vector<AxisSource> sources;
  for (int axis = 0; axis < out.rank(); ++axis) {
    AxisSource source = evenly(out[axis], 0, strides[static_cast<size_t>(axis)]);
    if (axis == repeated) {
      for (size_t i = source.size(); i-- > 0;) source[i] = source[i / static_cast<size_t>(repeats)];
    }
    sources.push_back(std::move(source));
  }
  return move_elements(site, std::move(sources));
}

}  // namespace

CORNU_OP(repeat) = {.name = "repeat", .infer = infer, .reference = reference};

}  // namespace cornu::ops
