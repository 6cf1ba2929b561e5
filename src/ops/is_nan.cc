// is_nan: y = whether x is NaN.
#include "ops/op.h"

namespace cornu::ops {
namespace {

bool test(double x) {
  return std::isnan(x);
}

}  // namespace

CORNU_OP(is_nan) = {.name = "is_nan", .infer = infer_float_test, .reference = test_floats<test>};

}  // namespace cornu::ops
