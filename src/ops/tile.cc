// tile: x repeated as a whole, multiples[i] times along axis i.
// Input   x  any type     Attrs  multiples  one count >= 0 per axis
// Errors  bad_shape: a negative or missing count, a size beyond 64 bits
// Source  numpy.tile
#include <limits>

#include "ops/move.h"

namespace cornu::ops {
namespace {

Ints multiples_of(const Attrs& attrs, int rank) {
  return bounded_ints(attrs, "multiples", static_cast<size_t>(rank), 0, std::numeric_limits<int64_t>::max(),
                      1);
}

void infer(ir::InferContext& c) {
  Shape out = c.in[0].shape;
  const Ints multiples = multiples_of(c.attrs, out.rank());
  for (int axis = 0; axis < out.rank(); ++axis) {
    out[axis] = checked_size(out[axis], multiples[static_cast<size_t>(axis)], "a tiled axis");
  }
  out.elements();  // throws if that overflows
  c.result(c.in[0].dtype, out);
}

PreparedKernel reference(const KernelSite& site) {
  if (is_empty(site)) return do_nothing();
  const Shape& x = site.in[0].shape;
  const Strides strides = strides_of(x);
  std::vector<AxisSource> sources;
  for (int axis = 0; axis < x.rank(); ++axis) {
    AxisSource source(static_cast<size_t>(site.out[0].shape[axis]));
    for (size_t i = 0; i < source.size(); ++i) {
      source[i] = static_cast<int64_t>(i) % x[axis] * strides[static_cast<size_t>(axis)];
    }
    sources.push_back(std::move(source));
  }
  return move_elements(site, std::move(sources));
}

}  // namespace

CORNU_OP(tile) = {.name = "tile", .infer = infer, .reference = reference};

}  // namespace cornu::ops
