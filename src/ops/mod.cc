// mod: y = a - floor(a / b) * b with broadcasting: the sign of b, as in Python; x mod 0 is 0 for integers.
#include "ops/op.h"

namespace cornu::ops {
namespace {

struct Op {
  template <class T>
  static T apply(T a, T b) {
    if constexpr (std::is_floating_point_v<T>) {
      const T rest = std::fmod(a, b);
      return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
    } else {
      if (b == T{0}) return 0;
      const auto rest = static_cast<T>(bits_of(a) - bits_of(divide(a, b)) * bits_of(b));
      return static_cast<T>(rest != T{0} && (rest < T{0}) != (b < T{0}) ? rest + b : rest);
    }
  }
};

}  // namespace

CORNU_OP(mod) = {.name = "mod",
                 .min_inputs = 2,
                 .max_inputs = 2,
                 .infer = infer_binary,
                 .reference = map_pairs<Op>,
                 .elementwise = true};

}  // namespace cornu::ops
