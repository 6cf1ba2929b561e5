// argsort: the indices that sort x along one axis; equal elements keep their order, NaN comes last.
// Input   x  numbers      Output  indices, same shape
// Attrs   axis -1; descending false; dtype int64 or int32
// Errors  bad_shape for a scalar, or another type
// Source  numpy.argsort(kind="stable"); descending as tf.math.top_k: of equal elements the first comes first
#include "ops/arg_reduce.h"

namespace cornu::ops {
namespace {

void infer(ir::InferContext& c) {
  require_numbers(c);
  normalize_axis(c.attrs.integer("axis", -1), c.in[0].shape.rank());
  c.result(index_type(c.attrs), c.in[0].shape);
}

// Whether a stands before b; neither does if they are equal or both NaN.
template <class T>
bool is_before(T a, T b, bool descending) {
  if (a != a || b != b) return a == a && b != b;
  return descending ? a > b : a < b;
}

template <class T, class Index>
PreparedKernel prepare(const Shape& shape, int axis, bool descending) {
  const int64_t size = shape[axis];
  const int64_t stride = shape.elements(axis + 1, shape.rank());
  const int64_t lines = shape.elements() / size;
  return {[=](const KernelCall& call) {
            int64_t* order = reinterpret_cast<int64_t*>(call.scratch);
            for (int64_t line = 0; line < lines; ++line) {
              const int64_t first = line / stride * stride * size + line % stride;
              const auto x = in_as<T>(call) + first;
              for (int64_t i = 0; i < size; ++i) order[i] = i;
              std::sort(order, order + size, [&](int64_t a, int64_t b) {
                const T left = x[a * stride];
                const T right = x[b * stride];
                if (is_before(left, right, descending)) return true;
                return a < b && !is_before(right, left, descending);
              });
              for (int64_t i = 0; i < size; ++i) {
                out_as<Index>(call)[first + i * stride] = static_cast<Index>(order[i]);
              }
            }
          },
          size * static_cast<int64_t>(sizeof(int64_t)),
          {}};
}

PreparedKernel reference(const KernelSite& site) {
  if (is_empty(site)) return do_nothing();
  const Shape& shape = site.in[0].shape;
  const int axis = normalize_axis(site.attrs.integer("axis", -1), shape.rank());
  const bool descending = site.attrs.flag("descending");
  return with_number_type(site.in[0].dtype, [&](auto zero) {
    return with_index_type(site.out[0].dtype, [&](auto out_zero) {
      return prepare<decltype(zero), decltype(out_zero)>(shape, axis, descending);
    });
  });
}

}  // namespace

CORNU_OP(argsort) = {.name = "argsort", .infer = infer, .reference = reference};

}  // namespace cornu::ops
