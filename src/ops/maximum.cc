// maximum: y = the larger of a and b with broadcasting; NaN if one is.
#include "ops/op.h"

namespace cornu::ops {
namespace {

struct Op {
  template <class T>
  static T apply(T a, T b) {
    return a > b || a != a ? a : b;
  }
};

}  // namespace

CORNU_OP(maximum) = {.name = "maximum",
                     .min_inputs = 2,
                     .max_inputs = 2,
                     .infer = infer_binary,
                     .reference = map_pairs<Op>,
                     .elementwise = true};

}  // namespace cornu::ops
