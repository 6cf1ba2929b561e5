// floor_div: y = floor(a / b) with broadcasting; x / 0 is 0 for integers.
#include "ops/op.h"

namespace cornu::ops {
namespace {

struct Op {
  template <class T>
  static T apply(T a, T b) {
    if constexpr (std::is_floating_point_v<T>) return std::floor(a / b);
    const T quotient = divide(a, b);
    const bool exact = bits_of(quotient) * bits_of(b) == bits_of(a);
    return static_cast<T>(!exact && b != T{0} && (a < T{0}) != (b < T{0}) ? quotient - 1 : quotient);
  }
};

}  // namespace

CORNU_OP(floor_div) = {.name = "floor_div",
                       .min_inputs = 2,
                       .max_inputs = 2,
                       .infer = infer_binary,
                       .reference = map_pairs<Op>,
                       .elementwise = true};

}  // namespace cornu::ops
