// bincount: how often each of 0 .. depth - 1 occurs along the last axis of x, or the sum of the weights there; others do
// not count.
// Inputs  x  (A..., n) integers;  optional weights of the same shape, real numbers
// Output  y  (A..., depth) of attr `dtype`, or of the weights' type
// Attrs   depth >= 0; dtype float32 (without weights); binary false: 1 for whatever occurs
// Errors  bad_shape: types or shapes that do not fit
// Source  TensorFlow's DenseBincount
#include "ops/op.h"

namespace cornu::ops {
namespace {

void infer(ir::InferContext& c) {
  const Shape& x = c.in[0].shape;
  const int64_t depth = c.attrs.integer("depth");
  const bool weighted = c.in.size() > 1;
  const DType dtype = weighted               ? c.in[1].dtype
                      : c.attrs.has("dtype") ? c.attrs.dtype("dtype")
                                             : DType::float32;
  bool fits = x.rank() >= 1 && dtype_is_integer(c.in[0].dtype) &&
              (dtype_is_integer(dtype) || dtype == DType::float32 || dtype == DType::float64);
  for (int axis = 0; fits && weighted && axis < x.rank(); ++axis) {
    const Shape& w = c.in[1].shape;
    fits = w.rank() == x.rank() &&
           (w[axis] == x[axis] || w[axis] == Shape::kUnknown || x[axis] == Shape::kUnknown);
  }
  if (!fits || depth < 0) {
    fail(ErrorCode::bad_shape, "",
         "bincount takes integers of at least one axis, weights of the same shape and a depth of at least 0, "
         "received {} {}, {} and depth {}",
         dtype_name(c.in[0].dtype), x.to_string(), weighted ? c.in[1].shape.to_string() : "no weights",
         depth);
  }
  const Shape y = x.with(x.rank() - 1, depth);
  y.elements();  // throws if that overflows
  c.result(dtype, y);
}

PreparedKernel reference(const KernelSite& site) {
  if (is_empty(site)) return do_nothing();
  const Shape& x = site.in[0].shape;
  const int64_t count = x.back();
  const int64_t rows = x.elements(0, x.rank() - 1);
  const int64_t depth = site.out[0].shape.back();
  const bool weighted = site.in.size() > 1;
  const bool binary = site.attrs.flag("binary");
  return with_number_type(site.in[0].dtype, [&](auto index_zero) {
    using Index = decltype(index_zero);
    return with_number_type(site.out[0].dtype, [&](auto zero) {
      using T = decltype(zero);
      return PreparedKernel{[=](const KernelCall& call) {
                              T* y = out_as<T>(call);
                              std::fill_n(y, rows * depth, T{0});
                              for (int64_t i = 0; i < rows * count; ++i) {
                                const auto index = static_cast<int64_t>(in_as<Index>(call)[i]);
                                if (index < 0 || index >= depth) continue;
                                T& at = y[i / count * depth + index];
                                const T one = weighted ? in_as<T>(call, 1)[i] : T{1};
                                at = binary ? T{1} : static_cast<T>(at + one);
                              }
                            },
                            0,
                            {}};
    });
  });
}

}  // namespace

CORNU_OP(bincount) = {
    .name = "bincount", .min_inputs = 1, .max_inputs = 2, .infer = infer, .reference = reference};

}  // namespace cornu::ops
