#include <limits>

#include "support/op_cases.h"

namespace cornu::test {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(op_is_nan, tells_nan_and_infinity_from_numbers) {
  check_op({"is_nan", {}, {floats({kNan, kInfinity, -kInfinity, 0, -1.5})}, bools({1, 0, 0, 0, 0})});
}

TEST(op_is_nan, integers_are_refused) {
  expect_rejected("is_nan", {}, {i32_of({2})}, "floating-point");
}

}  // namespace
}  // namespace cornu::test
