// reduce_any: whether any bool along some axes is true.
// Attrs  axes (absent: all; empty: none), keepdims (flag)
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
    return (sum != 0 || x != 0) ? 1 : 0;
  }
  template <class T>
  static T end(SumType<T> sum, int64_t) {
    return static_cast<T>(sum);
  }
};

}  // namespace

CORNU_OP(reduce_any) = {.name = "reduce_any", .infer = infer_logical_reduce, .reference = reduce<Op>};

}  // namespace cornu::ops
