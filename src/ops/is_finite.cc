// is_finite: y = whether x is neither NaN nor an infinity.
#include "ops/op.h"

namespace cornu::ops {
namespace {

bool test(double x) {
  return std::isfinite(x);
}

}  // namespace

CORNU_OP(is_finite) = {.name = "is_finite", .infer = infer_float_test, .reference = test_floats<test>};

}  // namespace cornu::ops
