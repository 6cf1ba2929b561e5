// reduce_mean: the mean along some axes; that of integers is cut toward zero, that of nothing is NaN, or 0
// for integers. Attrs  axes (absent: all; empty: none), keepdims (flag)
#include "ops/reduce.h"

namespace cornu::ops {
namespace {

struct Op {
  template <class T>
  static SumType<T> start() {
    return 0;
  }
  template <class Sum, class T>
  static Sum add(Sum sum, T x) {
    return sum + static_cast<Sum>(x);
  }
  template <class T>
  static T end(SumType<T> sum, int64_t count) {
    if constexpr (std::is_floating_point_v<T>) return static_cast<T>(sum / static_cast<double>(count));
    if (count == 0) return T{0};
    if constexpr (std::is_signed_v<T>) return static_cast<T>(static_cast<int64_t>(sum) / count);
    return static_cast<T>(sum / static_cast<uint64_t>(count));
  }
};

}  // namespace

CORNU_OP(reduce_mean) = {.name = "reduce_mean", .infer = infer_reduce, .reference = reduce<Op>};

}  // namespace cornu::ops
