// is_inf: y = whether x is an infinity.
#include "ops/op.h"

namespace cornu::ops {
namespace {

bool test(double x) {
  return std::isinf(x);
}

}  // namespace

CORNU_OP(is_inf) = {.name = "is_inf", .infer = infer_float_test, .reference = test_floats<test>};

}  // namespace cornu::ops
