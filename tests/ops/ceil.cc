#include <limits>

#include "support/op_cases.h"

namespace cornu::test {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(op_ceil, follows_its_formula) {
  check_op({"ceil",
            {},
            {floats({-20, -3.5, -3, -2, -1, -0.75, -0.5, -0.25, 0, 0.125, 0.5, 1, 1.5, 2, 3, 4.25, 20})},
            floats({-20, -3, -3, -2, -1, -0.0, -0.0, -0.0, 0, 1, 1, 1, 2, 2, 3, 5, 20})});
}

TEST(op_ceil, keeps_nan_and_meets_its_limits_at_infinity) {
  check_op({"ceil", {}, {floats({kNan, kInfinity, -kInfinity})}, floats({kNan, kInfinity, -kInfinity})});
}

TEST(op_ceil, takes_any_number_of_elements) {
  check_op({"ceil", {}, {floats({}, {0, 3})}, floats({}, {0, 3})});
  check_kernels("ceil", {}, {random_floats({3, 5, 67}, 1, -6, 6)});
}

TEST(op_ceil, integers_are_refused) {
  expect_rejected("ceil", {}, {i32_of({2})}, "floating-point");
}

}  // namespace
}  // namespace cornu::test
