// scatter_add: what gather takes, added back: y[a, indices[a', b], c] += x[a, b, c], from zero.
// Inputs  indices (A'..., B...) integers, where A' are the first batch_dims axes of y; x (A..., B..., C...) floating point
// Output  y (A..., size, C...)
// Attrs   axis 0, batch_dims 0 (<= axis), size >= 0 of the axis
// Errors  bad_shape: types or sizes that do not fit. An index outside the axis adds nothing
// Source  TensorFlow's UnsortedSegmentSum
#include "ops/op.h"

namespace cornu::ops {
namespace {

struct Axes {
  int axis, batch, picked;  // picked: how many axes of x the indices stand for
  int64_t size;
};

Axes axes_of(const Attrs& attrs, const Shape& indices) {
  const auto batch = static_cast<int>(attrs.integer("batch_dims", 0));
  return {static_cast<int>(attrs.integer("axis", 0)), batch, indices.rank() - batch, attrs.integer("size")};
}

void infer(ir::InferContext& c) {
  const Shape& indices = c.in[0].shape;
  const Shape& x = c.in[1].shape;
  const Axes axes = axes_of(c.attrs, indices);
  bool fits = dtype_is_integer(c.in[0].dtype) && dtype_is_floating(c.in[1].dtype) && axes.batch >= 0 &&
              axes.batch <= axes.axis && axes.picked >= 0 && axes.axis + axes.picked <= x.rank() &&
              axes.size >= 0;
  for (int i = 0; fits && i < indices.rank(); ++i) {
    const int64_t of_x = x[i < axes.batch ? i : i - axes.batch + axes.axis];
    fits = of_x == indices[i] || of_x == Shape::kUnknown || indices[i] == Shape::kUnknown;
  }
  if (!fits) {
    fail(ErrorCode::bad_shape, "", "scatter_add cannot add {} at indices {} along axis {} with {} batch axes",
         x.to_string(), indices.to_string(), axes.axis, axes.batch);
  }
  Shape out;
  for (int i = 0; i < axes.axis; ++i) out.push_back(x[i]);
  out.push_back(axes.size);
  for (int i = axes.axis + axes.picked; i < x.rank(); ++i) out.push_back(x[i]);
  out.elements();  // throws if that overflows
  c.result(c.in[1].dtype, out);
}

// x is (batch, outer, picks, slice), indices (batch, picks), y (batch, outer, size, slice).
struct Sizes {
  int64_t batch, outer, size, picks, slice;
};

template <class T, class Index>
void run(const Sizes& n, const KernelCall& call) {
  const auto indices = in_as<Index>(call, 0);
  const auto x = in_as<T>(call, 1);
  T* const y = out_as<T>(call);
  std::fill_n(y, n.batch * n.outer * n.size * n.slice, T{0});
  for (int64_t row = 0; row < n.batch * n.outer; ++row) {
    const auto picks = indices + row / n.outer * n.picks;
    for (int64_t i = 0; i < n.picks; ++i) {
      const auto index = static_cast<int64_t>(picks[i]);
      if (index < 0 || index >= n.size) continue;
      T* const to = y + (row * n.size + index) * n.slice;
      const auto from = x + (row * n.picks + i) * n.slice;
      for (int64_t k = 0; k < n.slice; ++k) to[k] += from[k];
    }
  }
}

PreparedKernel reference(const KernelSite& site) {
  if (is_empty(site)) return do_nothing();
  const Shape& indices = site.in[0].shape;
  const Shape& x = site.in[1].shape;
  const Axes axes = axes_of(site.attrs, indices);
  const Sizes sizes = {x.elements(0, axes.batch), x.elements(axes.batch, axes.axis), axes.size,
                       indices.elements(axes.batch, indices.rank()),
                       x.elements(axes.axis + axes.picked, x.rank())};
  return with_float_type(site.in[1].dtype, [&](auto zero) {
    using T = decltype(zero);
    return with_number_type(site.in[0].dtype, [&](auto index) {
      using Index = decltype(index);
      return PreparedKernel{[sizes](const KernelCall& call) { run<T, Index>(sizes, call); }, 0, {}};
    });
  });
}

}  // namespace

CORNU_OP(scatter_add) = {
    .name = "scatter_add", .min_inputs = 2, .max_inputs = 2, .infer = infer, .reference = reference};

}  // namespace cornu::ops
