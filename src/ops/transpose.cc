// transpose: y's axis i is x's axis permutation[i].
// Input   x  any type     Attrs  permutation  each axis of x once, negative ones counted from the end
// Errors  bad_shape if it is no permutation
// Source  numpy.transpose
#include "ops/move.h"

namespace cornu::ops {
namespace {

std::vector<int> permutation_of(const Attrs& attrs, int rank) {
  const Ints& axes = attrs.ints("permutation");
  if (axes.size() != static_cast<size_t>(rank)) {
    fail(ErrorCode::bad_shape, "", "the permutation has {} axes, the tensor {}", axes.size(), rank);
  }
  std::vector<int> permutation;
  for (int64_t axis : axes) {
    const int normal = normalize_axis(axis, rank, "an axis of the permutation");
    if (std::find(permutation.begin(), permutation.end(), normal) != permutation.end()) {
      fail(ErrorCode::bad_shape, "", "the permutation names axis {} twice", normal);
    }
    permutation.push_back(normal);
  }
  return permutation;
}

void infer(ir::InferContext& c) {
  const Shape& x = c.in[0].shape;
  Shape out;
  for (int axis : permutation_of(c.attrs, x.rank())) out.push_back(x[axis]);
  c.result(c.in[0].dtype, out);
}

PreparedKernel reference(const KernelSite& site) {
  if (is_empty(site)) return do_nothing();
  const Shape& x = site.in[0].shape;
  const Strides strides = strides_of(x);
  std::vector<AxisSource> sources;
  for (int axis : permutation_of(site.attrs, x.rank())) {
    sources.push_back(evenly(x[axis], 0, strides[static_cast<size_t>(axis)]));
  }
  return move_elements(site, std::move(sources));
}

}  // namespace

CORNU_OP(transpose) = {.name = "transpose", .infer = infer, .reference = reference};

}  // namespace cornu::ops
