#include <limits>

#include "support/op_cases.h"

namespace cornu::test {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(op_erfc, follows_its_formula) {
  check_op({"erfc",
            {},
            {floats({-20, -1, 0, 0.5, 1})},
            floats({2, 1.8427007929497148, 1, 0.4795001221869535, 0.1572992070502851})});
}

TEST(op_erfc, keeps_the_digits_of_small_results) {
  check_op({"erfc", {}, {floats({5})}, floats({1.5374597944280347e-12})});
}

TEST(op_erfc, keeps_nan_and_meets_its_limits_at_infinity) {
  check_op({"erfc", {}, {floats({kNan, kInfinity, -kInfinity})}, floats({kNan, 0, 2})});
}

TEST(op_erfc, integers_are_refused) {
  expect_rejected("erfc", {}, {i32_of({2})}, "floating-point");
}

}  // namespace
}  // namespace cornu::test
