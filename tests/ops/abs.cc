#include <limits>

#include "support/op_cases.h"

namespace cornu::test {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(op_abs, drops_the_sign) {
  check_op({"abs", {}, {floats({1.5, -0.0, -2, -kInfinity, kNan})}, floats({1.5, 0, 2, kInfinity, kNan})});
  check_op({"abs", {}, {ints({3, -4})}, ints({3, 4})});
  check_op({"abs", {}, {ints({200}, {1}, DType::uint8)}, ints({200}, {1}, DType::uint8)});
}

TEST(op_abs, the_smallest_integer_stays_itself) {
  check_op({"abs", {}, {ints({-2147483648})}, ints({-2147483648})});
}

TEST(op_abs, bools_are_refused) {
  expect_rejected("abs", {}, {{DType::boolean, {2}}}, "real numbers");
}

}  // namespace
}  // namespace cornu::test
