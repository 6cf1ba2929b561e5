#include <limits>

#include "support/op_cases.h"

namespace cornu::test {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(op_hard_silu, follows_its_formula) {
  check_op({"hard_silu",
            {},
            {floats({-20, -3.5, -3, -2, -1, -0.75, -0.5, -0.25, 0, 0.125, 0.5, 1, 1.5, 2, 3, 4.25, 20})},
            floats({-0.0, -0.0, -0.0, -0.3333333333333333, -0.3333333333333333, -0.28125,
                    -0.20833333333333334, -0.11458333333333333, 0, 0.06510416666666667, 0.2916666666666667,
                    0.6666666666666666, 1.125, 1.6666666666666667, 3, 4.25, 20})});
}

TEST(op_hard_silu, keeps_nan_and_meets_its_limits_at_infinity) {
  check_op({"hard_silu", {}, {floats({kNan, kInfinity})}, floats({kNan, kInfinity})});
}

TEST(op_hard_silu, takes_any_number_of_elements) {
  check_op({"hard_silu", {}, {floats({}, {0, 3})}, floats({}, {0, 3})});
  check_kernels("hard_silu", {}, {random_floats({3, 5, 67}, 1, -6, 6)});
}

TEST(op_hard_silu, integers_are_refused) {
  expect_rejected("hard_silu", {}, {i32_of({2})}, "floating-point");
}

}  // namespace
}  // namespace cornu::test
