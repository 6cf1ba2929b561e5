// argsort: the indices that sort x along one axis; equal elements keep their order, NaN comes last.
// Input   x  numbers      Output  indices, same shape
// Attrs   axis -1; descending false; dtype (int32 or int64) int64
// Source  numpy.argsort(kind="stable"); descending as tf.math.top_k: of equal elements the first comes first
#include <numeric>
#include <vector>

#include "ops/op.h"

namespace cornu::ops {
namespace {

void infer(ir::InferContext& c) {
  normalize_axis(c.attrs.integer("axis", -1), c.in[0].shape.rank());
  c.result(c.attrs.has("dtype") ? c.attrs.dtype("dtype") : DType::int64, c.in[0].shape);
}

template <class T>
bool before(T a, T b, bool descending) {
  if (a != a || b != b) return a == a;  // NaN
  return descending ? a > b : a < b;
}

template <class T, class Index>
PreparedKernel prepare(const Shape& shape, int axis, bool descending) {
  const int64_t size = shape[axis];
  const int64_t inner = shape.elements(axis + 1, shape.rank());
  const int64_t outer = shape.elements(0, axis);
  return {[=](const KernelCall& call) {
            const auto x = in_as<T>(call);
            Index* y = out_as<Index>(call);
            std::vector<int64_t> order(static_cast<size_t>(size));
            for (int64_t line = 0; line < outer * inner; ++line) {
              const int64_t first = line / inner * size * inner + line % inner;
              std::iota(order.begin(), order.end(), 0);
              std::stable_sort(order.begin(), order.end(), [&](int64_t a, int64_t b) {
                return before<T>(x[first + a * inner], x[first + b * inner], descending);
              });
              for (int64_t i = 0; i < size; ++i)
                y[first + i * inner] = static_cast<Index>(order[static_cast<size_t>(i)]);
            }
          },
          0,
          {}};
}

PreparedKernel reference(const KernelSite& site) {
  const Shape& shape = site.in[0].shape;
  const int axis = normalize_axis(site.attrs.integer("axis", -1), shape.rank());
  const bool descending = site.attrs.flag("descending");
  return with_number_type(site.in[0].dtype, [&](auto zero) {
    using T = decltype(zero);
    if (site.out[0].dtype == DType::int32) return prepare<T, int32_t>(shape, axis, descending);
    return prepare<T, int64_t>(shape, axis, descending);
  });
}

}  // namespace

CORNU_OP(argsort) = {.name = "argsort", .infer = infer, .reference = reference};

}  // namespace cornu::ops
