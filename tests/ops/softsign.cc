#include <limits>

#include "support/op_cases.h"

namespace cornu::test {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(op_softsign, follows_its_formula) {
  check_op(
      {"softsign",
       {},
       {floats({-20, -3.5, -3, -2, -1, -0.75, -0.5, -0.25, 0, 0.125, 0.5, 1, 1.5, 2, 3, 4.25, 20})},
       floats({-0.9523809523809523, -0.7777777777777778, -0.75, -0.6666666666666666, -0.5,
               -0.42857142857142855, -0.3333333333333333, -0.2, 0, 0.1111111111111111, 0.3333333333333333,
               0.5, 0.6, 0.6666666666666666, 0.75, 0.8095238095238095, 0.9523809523809523})});
}

TEST(op_softsign, keeps_nan_and_meets_its_limits_at_infinity) {
  check_op({"softsign", {}, {floats({kNan, kInfinity, -kInfinity})}, floats({kNan, kNan, kNan})});
}

TEST(op_softsign, takes_any_number_of_elements) {
  check_op({"softsign", {}, {floats({}, {0, 3})}, floats({}, {0, 3})});
  check_kernels("softsign", {}, {random_floats({3, 5, 67}, 1, -6, 6)});
}

TEST(op_softsign, integers_are_refused) {
  expect_rejected("softsign", {}, {i32_of({2})}, "floating-point");
}

}  // namespace
}  // namespace cornu::test
