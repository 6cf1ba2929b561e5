#include <limits>

#include "support/op_cases.h"

namespace cornu::test {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(op_is_inf, tells_nan_and_infinity_from_numbers) {
  check_op({"is_inf", {}, {floats({kNan, kInfinity, -kInfinity, 0, -1.5})}, bools({0, 1, 1, 0, 0})});
}

TEST(op_is_inf, integers_are_refused) {
  expect_rejected("is_inf", {}, {i32_of({2})}, "floating-point");
}

}  // namespace
}  // namespace cornu::test
