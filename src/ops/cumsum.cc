// cumsum: the sum of all elements up to each one along an axis.
// Input   x  numbers     Attrs  axis 0; exclusive: without the element itself; reverse: from the end (flags)
// Notes   floats are combined in double; integers wrap around
// Source  TensorFlow's Cumsum
#include "ops/cumulate.h"

namespace cornu::ops {
namespace {

struct Op {
  template <class Sum>
  static Sum start() {
    return 0;
  }
  template <class Sum>
  static Sum add(Sum a, Sum b) {
    return a + b;
  }
};

}  // namespace

CORNU_OP(cumsum) = {.name = "cumsum", .infer = infer_cumulate, .reference = cumulate<Op>};

}  // namespace cornu::ops
