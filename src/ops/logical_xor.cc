// logical_xor: y = either a or b, with broadcasting; bools.
#include "ops/op.h"

namespace cornu::ops {
namespace {

struct Op {
  template <class T>
  static bool apply(T a, T b) {
    return (a != T{0}) != (b != T{0});
  }
};

}  // namespace

CORNU_OP(logical_xor) = {.name = "logical_xor",
                         .min_inputs = 2,
                         .max_inputs = 2,
                         .infer = infer_logical,
                         .reference = map_pairs<Op, uint8_t>,
                         .elementwise = true};

}  // namespace cornu::ops
