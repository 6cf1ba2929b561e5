// cumsum: the sum of all elements up to each one along an axis.
// Input   x  numbers     Attrs  axis; exclusive: without the element itself; reverse: from the end (flags)
// Notes   floats are summed in double; integers wrap around
// Source  TensorFlow's Cumsum
#include "ops/reduce.h"

namespace cornu::ops {
namespace {

void infer(ir::InferContext& c) {
  normalize_axis(c.attrs.integer("axis"), c.in[0].shape.rank());
  infer_number_unary(c);
}

template <class T>
void run(int64_t lines, int64_t size, int64_t stride, bool exclusive, bool reverse, const KernelCall& call) {
  const auto x = in_as<T>(call);
  T* y = out_as<T>(call);
  for (int64_t line = 0; line < lines; ++line) {
    const int64_t first = line / stride * stride * size + line % stride;
    SumType<T> sum = 0;
    for (int64_t i = 0; i < size; ++i) {
      const int64_t at = first + (reverse ? size - 1 - i : i) * stride;
      const SumType<T> before = sum;
      sum += static_cast<SumType<T>>(x[at]);
      y[at] = static_cast<T>(exclusive ? before : sum);
    }
  }
}

PreparedKernel reference(const KernelSite& site) {
  const Shape& x = site.in[0].shape;
  const int axis = normalize_axis(site.attrs.integer("axis"), x.rank());
  const int64_t size = x[axis];
  const int64_t stride = x.elements(axis + 1, x.rank());
  const int64_t lines = x.elements() == 0 ? 0 : x.elements() / size;
  const bool exclusive = site.attrs.flag("exclusive");
  const bool reverse = site.attrs.flag("reverse");
  return with_number_type(site.in[0].dtype, [&](auto zero) {
    using T = decltype(zero);
    return PreparedKernel{
        [=](const KernelCall& call) { run<T>(lines, size, stride, exclusive, reverse, call); }, 0, {}};
  });
}

}  // namespace

CORNU_OP(cumsum) = {.name = "cumsum", .infer = infer, .reference = reference};

}  // namespace cornu::ops
