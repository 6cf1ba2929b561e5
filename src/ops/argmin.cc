// argmin: the index of the first of the smallest elements along `axis`; that of the first NaN if there is
// one. Input   x  numbers     Output  y  int64, or int32 by attr `dtype`     Attrs  axis; keepdims
// (flag)
#include "ops/arg_reduce.h"

namespace cornu::ops {
namespace {

struct Op {
  template <class T>
  static bool is_better(T value, T old) {
    return value < old;
  }
};

}  // namespace

CORNU_OP(argmin) = {.name = "argmin", .infer = infer_arg_reduce, .reference = arg_reduce<Op>};

}  // namespace cornu::ops
