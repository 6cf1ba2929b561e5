// reduce_min: the smallest element along some axes; NaN if there is one. Nothing gives infinity, or the
// largest integer. Attrs  axes (absent: all; empty: none), keepdims (flag)
#include <limits>

#include "ops/reduce.h"

namespace cornu::ops {
namespace {

struct Op {
  template <class T>
  static T start() {
    using Limits = std::numeric_limits<T>;
    return Limits::has_infinity ? static_cast<T>(Limits::infinity()) : Limits::max();
  }
  template <class T>
  static T add(T best, T x) {
    return x < best || x != x ? x : best;
  }
  template <class T>
  static T end(T best, int64_t) {
    return best;
  }
};

}  // namespace

CORNU_OP(reduce_min) = {.name = "reduce_min", .infer = infer_reduce, .reference = reduce<Op>};

}  // namespace cornu::ops
