// cumprod: products of the elements up to each along one axis.
// Input   x  numbers      Output  y, same shape and type
// Attrs   axis 0; exclusive false (the element itself is left out); reverse false (from the end)
// Source  numpy.cumprod; tf.math.cumprod
#include "ops/op.h"

namespace cornu::ops {
namespace {

void infer(ir::InferContext& c) {
  normalize_axis(c.attrs.integer("axis", 0), c.in[0].shape.rank());
  infer_unary(c);
}

PreparedKernel reference(const KernelSite& site) {
  const Shape& shape = site.in[0].shape;
  const int axis = normalize_axis(site.attrs.integer("axis", 0), shape.rank());
  const bool exclusive = site.attrs.flag("exclusive");
  const bool reverse = site.attrs.flag("reverse");
  const int64_t size = shape[axis];
  const int64_t inner = shape.elements(axis + 1, shape.rank());
  const int64_t outer = shape.elements(0, axis);
  return with_number_type(site.in[0].dtype, [&](auto zero) {
    using T = decltype(zero);
    return PreparedKernel{[=](const KernelCall& call) {
                            const auto x = in_as<T>(call);
                            T* y = out_as<T>(call);
                            for (int64_t line = 0; line < outer * inner; ++line) {
                              const int64_t first = line / inner * size * inner + line % inner;
                              T product = 1;
                              for (int64_t i = 0; i < size; ++i) {
                                const int64_t at = first + (reverse ? size - 1 - i : i) * inner;
                                const T with = static_cast<T>(product * x[at]);
                                y[at] = exclusive ? product : with;
                                product = with;
                              }
                            }
                          },
                          0,
                          {}};
  });
}

}  // namespace

CORNU_OP(cumprod) = {.name = "cumprod", .infer = infer, .reference = reference};

}  // namespace cornu::ops
