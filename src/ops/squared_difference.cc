// squared_difference: y = (a - b)^2 with broadcasting; integers wrap around.
#include "ops/op.h"

namespace cornu::ops {
namespace {

struct Op {
  template <class T>
  static T apply(T a, T b) {
    if constexpr (std::is_floating_point_v<T>) return (a - b) * (a - b);
    const uint64_t difference = bits_of(a) - bits_of(b);
    return static_cast<T>(difference * difference);
  }
};

}  // namespace

CORNU_OP(squared_difference) = {.name = "squared_difference",
                                .min_inputs = 2,
                                .max_inputs = 2,
                                .infer = infer_binary,
                                .reference = map_pairs<Op>,
                                .elementwise = true};

}  // namespace cornu::ops
