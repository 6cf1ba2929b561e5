// greater_equal: y = whether a >= b, with broadcasting.
#include "ops/op.h"

namespace cornu::ops {
namespace {

struct Op {
  template <class T>
  static bool apply(T a, T b) {
    return a >= b;
  }
};

}  // namespace

CORNU_OP(greater_equal) = {.name = "greater_equal",
                           .min_inputs = 2,
                           .max_inputs = 2,
                           .infer = infer_compare,
                           .reference = map_pairs<Op, uint8_t>,
                           .elementwise = true};

}  // namespace cornu::ops
