// pow: y = a^b with broadcasting; integers wrap around, and a negative power of one is cut toward zero.
#include "ops/op.h"

namespace cornu::ops {
namespace {

struct Op {
  template <class T>
  static T apply(T a, T b) {
    if constexpr (std::is_floating_point_v<T>) {
      return static_cast<T>(std::pow(static_cast<double>(a), static_cast<double>(b)));
    } else {
      const bool is_odd = (bits_of(b) & 1) != 0;
      if (b < T{0}) return a == T{1} ? a : bits_of(a) == ~uint64_t{0} ? (is_odd ? a : T{1}) : T{0};
      uint64_t power = 1;
      uint64_t factor = bits_of(a);
      for (uint64_t rest = bits_of(b); rest > 0; rest >>= 1) {
        if ((rest & 1) != 0) power *= factor;
        factor *= factor;
      }
      return static_cast<T>(power);
    }
  }
};

}  // namespace

CORNU_OP(pow) = {.name = "pow",
                 .min_inputs = 2,
                 .max_inputs = 2,
                 .infer = infer_binary,
                 .reference = map_pairs<Op>,
                 .elementwise = true};

}  // namespace cornu::ops
