// searchsorted: how many elements of a sorted row lie before each x: those below it, or with `right` not above it.
// Inputs  sorted  (A..., n);  x  (A..., m) of the same type, or any shape where sorted is one row: real numbers
// Output  y  the shape of x, integers of attr `dtype`
// Attrs   right false; dtype int32
// Errors  bad_shape: types or rows that do not fit
// Source  TensorFlow's LowerBound, UpperBound and Bucketize; a NaN counts as larger than everything
#include "ops/op.h"

namespace cornu::ops {
namespace {

void infer(ir::InferContext& c) {
  const Shape& sorted = c.in[0].shape;
  const Shape& x = c.in[1].shape;
  const DType dtype = c.attrs.has("dtype") ? c.attrs.dtype("dtype") : DType::int32;
  bool fits = sorted.rank() == 1 || (sorted.rank() == x.rank() && sorted.rank() > 1);
  for (int axis = 0; fits && sorted.rank() > 1 && axis < sorted.rank() - 1; ++axis)
    fits = sorted[axis] == x[axis] || sorted[axis] == Shape::kUnknown || x[axis] == Shape::kUnknown;
  if (!fits || c.in[0].dtype != c.in[1].dtype || (dtype != DType::int32 && dtype != DType::int64)) {
    fail(ErrorCode::bad_shape, "",
         "searchsorted takes one sorted row, or rows (..., n) for x (..., m), of one type, received {} {} "
         "and {} {}",
         dtype_name(c.in[0].dtype), sorted.to_string(), dtype_name(c.in[1].dtype), x.to_string());
  }
  require_numbers(c);
  c.result(dtype, x);
}

template <class T, class Index>
void search(UnalignedArray<T> row, int64_t size, bool right, UnalignedArray<T> x, int64_t count, Index* y) {
  for (int64_t i = 0; i < count; ++i) {
    const T value = x[i];
    int64_t low = 0;
    int64_t high = size;
    while (low < high) {
      const int64_t middle = low + (high - low) / 2;
      const T at = row[middle];
      const bool before = right ? !(value < at) : at < value || value != value;
      (before ? low : high) = before ? middle + 1 : middle;
    }
    y[i] = static_cast<Index>(low);
  }
}

PreparedKernel reference(const KernelSite& site) {
  if (is_empty(site)) return do_nothing();
  const Shape& sorted = site.in[0].shape;
  const int64_t size = sorted.back();
  const int64_t rows = sorted.elements(0, sorted.rank() - 1);
  const int64_t count = site.out[0].shape.elements() / rows;
  const bool right = site.attrs.flag("right");
  const bool wide = site.out[0].dtype == DType::int64;
  return with_number_type(site.in[0].dtype, [&](auto zero) {
    using T = decltype(zero);
    return PreparedKernel{[=](const KernelCall& call) {
                            for (int64_t row = 0; row < rows; ++row) {
                              const auto from = in_as<T>(call, 0) + row * size;
                              const auto x = in_as<T>(call, 1) + row * count;
                              if (wide) {
                                search(from, size, right, x, count, out_as<int64_t>(call) + row * count);
                              } else {
                                search(from, size, right, x, count, out_as<int32_t>(call) + row * count);
                              }
                            }
                          },
                          0,
                          {}};
  });
}

}  // namespace

CORNU_OP(searchsorted) = {
    .name = "searchsorted", .min_inputs = 2, .max_inputs = 2, .infer = infer, .reference = reference};

}  // namespace cornu::ops
