#include <limits>

#include "support/op_cases.h"

namespace cornu::test {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(op_neg, turns_the_sign) {
  check_op({"neg", {}, {floats({1.5, 0, -2, kInfinity, kNan})}, floats({-1.5, -0.0, 2, -kInfinity, kNan})});
  check_op({"neg", {}, {ints({3, -4})}, ints({-3, 4})});
}

TEST(op_neg, the_smallest_integer_wraps_around) {
  check_op({"neg", {}, {ints({-128, 127}, {2}, DType::int8)}, ints({-128, -127}, {2}, DType::int8)});
}

TEST(op_neg, bools_are_refused) {
  expect_rejected("neg", {}, {{DType::boolean, {2}}}, "real numbers");
}

}  // namespace
}  // namespace cornu::test
