// atan2: y = the angle of the point (b, a) in radians, with broadcasting.
#include "ops/op.h"

namespace cornu::ops {
namespace {

struct Op {
  template <class T>
  static T apply(T a, T b) {
    return static_cast<T>(std::atan2(static_cast<double>(a), static_cast<double>(b)));
  }
};

}  // namespace

CORNU_OP(atan2) = {.name = "atan2",
                   .min_inputs = 2,
                   .max_inputs = 2,
                   .infer = infer_float_binary,
                   .reference = map_pairs<Op>,
                   .elementwise = true};

}  // namespace cornu::ops
