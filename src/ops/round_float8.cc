// round_float8: y = x rounded to the nearest number that float8 e4m3fn holds, ties to even: four significant bits from
// 2^-6 on, multiples of 2^-9 below. x lies in [-448, 448], the type's range.
// Source  OCP 8-bit Floating Point Specification, 1.0; ml_dtypes.float8_e4m3fn
#include "ops/op.h"

namespace cornu::ops {
namespace {

double rounded(double x) {
  if (!std::isfinite(x)) return x;
  int exponent = 0;
  std::frexp(x, &exponent);  // x = m 2^exponent with m in [0.5, 1)
  const int quantum = std::max(exponent - 4, -9);
  return std::ldexp(std::nearbyint(std::ldexp(x, -quantum)), quantum);
}

}  // namespace

CORNU_OP(round_float8) = {.name = "round_float8",
                          .infer = infer_float_unary,
                          .reference = map_floats<rounded>,
                          .elementwise = true};

}  // namespace cornu::ops
