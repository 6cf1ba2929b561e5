#include <limits>

#include "support/op_cases.h"

namespace cornu::test {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(op_round, follows_its_formula) {
  check_op({"round",
            {},
            {floats({-20, -3.5, -3, -2, -1, -0.75, -0.5, -0.25, 0, 0.125, 0.5, 1, 1.5, 2, 3, 4.25, 20})},
            floats({-20, -4, -3, -2, -1, -1, -0.0, -0.0, 0, 0, 0, 1, 2, 2, 3, 4, 20})});
}

TEST(op_round, keeps_nan_and_meets_its_limits_at_infinity) {
  check_op({"round", {}, {floats({kNan, kInfinity, -kInfinity})}, floats({kNan, kInfinity, -kInfinity})});
}

TEST(op_round, takes_any_number_of_elements) {
  check_op({"round", {}, {floats({}, {0, 3})}, floats({}, {0, 3})});
  check_kernels("round", {}, {random_floats({3, 5, 67}, 1, -6, 6)});
}

TEST(op_round, integers_are_refused) {
  expect_rejected("round", {}, {i32_of({2})}, "floating-point");
}

}  // namespace
}  // namespace cornu::test
