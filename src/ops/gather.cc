// gather: slices of x along an axis, picked by indices.
// Inputs  x  (A..., size, C...) any type;  indices  (A'..., B...) integers, where A' are the first batch_dims
// axes of x Output  y  (A..., B..., C...): y[a, b, c] = x[a, indices[a', b], c] Attrs   axis 0, batch_dims 0
// (batch_dims <= axis) Errors  bad_shape: types, axes or batch sizes that do not fit; a known index outside
// the axis. An index that is only known
//         at run time and lies outside is moved to the nearest valid one.
// Source  TensorFlow's GatherV2
#include "ops/op.h"

namespace cornu::ops {
namespace {

struct Axes {
  int axis = 0, batch = 0;
};

Axes axes_of(const Attrs& attrs, int rank, int indices_rank) {
  if (rank == 0) fail(ErrorCode::bad_shape, "", "gather needs a tensor with an axis, received a scalar");
  const int axis = normalize_axis(attrs.integer("axis", 0), rank);
  const int64_t batch = attrs.integer("batch_dims", 0);
  if (batch < 0 || batch > axis || batch > indices_rank) {
    fail(ErrorCode::bad_shape, "",
         "batch_dims is {}, it must lie between 0 and the axis {} and the {} axes of the indices", batch,
         axis, indices_rank);
  }
  return {axis, static_cast<int>(batch)};
}

void check_known_indices(const Tensor* indices, int64_t size) {
  if (indices == nullptr || size == Shape::kUnknown) return;
  for (int64_t index : to_ints(*indices)) {
    if (index < 0 || index >= size)
      fail(ErrorCode::bad_shape, "", "index {} is outside an axis of size {}", index, size);
  }
}

void infer(ir::InferContext& c) {
  const Shape& x = c.in[0].shape;
  const Shape& indices = c.in[1].shape;
  if (!dtype_is_integer(c.in[1].dtype)) {
    fail(ErrorCode::bad_shape, "", "the indices of gather are {}, integers are needed",
         dtype_name(c.in[1].dtype));
  }
  const Axes axes = axes_of(c.attrs, x.rank(), indices.rank());
  Shape out;
  for (int i = 0; i < axes.axis; ++i) out.push_back(x[i]);
  for (int i = 0; i < axes.batch; ++i) {
    if (x[i] != indices[i] && x[i] != Shape::kUnknown && indices[i] != Shape::kUnknown) {
      fail(ErrorCode::bad_shape, "", "{} and indices {} differ in the batch axis {}", x.to_string(),
           indices.to_string(), i);
    }
    out[i] = std::max(x[i], indices[i]);
  }
  for (int i = axes.batch; i < indices.rank(); ++i) out.push_back(indices[i]);
  for (int i = axes.axis + 1; i < x.rank(); ++i) out.push_back(x[i]);
  if (x[axes.axis] == 0 && indices.elements() > 0)
    fail(ErrorCode::bad_shape, "", "axis {} of {} is empty", axes.axis, x.to_string());
  check_known_indices(c.constants[1], x[axes.axis]);
  out.elements();  // throws if that overflows
  c.result(c.in[0].dtype, out);
}

// x is (batch, outer, size, slice bytes), indices (batch, picks), y (batch, outer, picks, slice bytes).
struct Sizes {
  int64_t batch, outer, size, picks, slice_bytes;
};

template <class Index>
void run(const Sizes& n, const KernelCall& call) {
  const auto indices = in_as<Index>(call, 1);
  std::byte* y = call.out[0];
  for (int64_t row = 0; row < n.batch * n.outer; ++row) {
    const std::byte* x = call.in[0] + row * n.size * n.slice_bytes;
    const auto picks = indices + row / n.outer * n.picks;
    for (int64_t i = 0; i < n.picks; ++i) {
      const Index index = picks[i];
      const auto last = static_cast<uint64_t>(n.size - 1);
      const uint64_t at = index < Index{0} ? 0 : std::min(static_cast<uint64_t>(index), last);
      std::memcpy(y, x + static_cast<int64_t>(at) * n.slice_bytes, static_cast<size_t>(n.slice_bytes));
      y += n.slice_bytes;
    }
  }
}

PreparedKernel reference(const KernelSite& site) {
  const Shape& x = site.in[0].shape;
  const Shape& indices = site.in[1].shape;
  if (is_empty(site)) return do_nothing();
  const Axes axes = axes_of(site.attrs, x.rank(), indices.rank());
  const Sizes sizes = {x.elements(0, axes.batch), x.elements(axes.batch, axes.axis), x[axes.axis],
                       indices.elements(axes.batch, indices.rank()),
                       x.elements(axes.axis + 1, x.rank()) * dtype_size(site.in[0].dtype)};
  return with_number_type(site.in[1].dtype, [&](auto zero) {
    using Index = decltype(zero);
    return PreparedKernel{[sizes](const KernelCall& call) { run<Index>(sizes, call); }, 0, {}};
  });
}

}  // namespace

CORNU_OP(gather) = {
    .name = "gather", .min_inputs = 2, .max_inputs = 2, .infer = infer, .reference = reference};

}  // namespace cornu::ops
