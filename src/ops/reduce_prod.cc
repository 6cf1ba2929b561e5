// reduce_prod: the product along some axes; integers wrap around, nothing multiplies to 1.
// Attrs  axes (absent: all; empty: none), keepdims (flag)
#include "ops/reduce.h"

namespace cornu::ops {
namespace {

struct Op {
  template <class T>
  static SumType<T> start() {
    return 1;
  }
  template <class Sum, class T>
  static Sum add(Sum sum, T x) {
    return sum * static_cast<Sum>(x);
  }
  template <class T>
  static T end(SumType<T> sum, int64_t) {
    return static_cast<T>(sum);
  }
};

}  // namespace

CORNU_OP(reduce_prod) = {.name = "reduce_prod", .infer = infer_reduce, .reference = reduce<Op>};

}  // namespace cornu::ops
