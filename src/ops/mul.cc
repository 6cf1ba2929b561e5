// mul: y = a * b with broadcasting; integers wrap around.
#include "ops/op.h"

namespace cornu::ops {
namespace {

struct Op {
  template <class T>
  static T apply(T a, T b) {
    if constexpr (std::is_floating_point_v<T>) return a * b;
    return static_cast<T>(bits_of(a) * bits_of(b));
  }
};

}  // namespace

CORNU_OP(mul) = {.name = "mul",
                 .min_inputs = 2,
                 .max_inputs = 2,
                 .infer = infer_binary,
                 .reference = map_pairs<Op>,
                 .elementwise = true};

}  // namespace cornu::ops
