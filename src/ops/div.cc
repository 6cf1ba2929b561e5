// div: y = a / b with broadcasting; integers are cut toward zero, and x / 0 is 0 for them.
#include "ops/op.h"

namespace cornu::ops {
namespace {

struct Op {
  template <class T>
  static T apply(T a, T b) {
    if constexpr (std::is_floating_point_v<T>) return a / b;
    return divide(a, b);
  }
};

}  // namespace

CORNU_OP(div) = {.name = "div",
                 .min_inputs = 2,
                 .max_inputs = 2,
                 .infer = infer_binary,
                 .reference = map_pairs<Op>,
                 .elementwise = true};

}  // namespace cornu::ops
